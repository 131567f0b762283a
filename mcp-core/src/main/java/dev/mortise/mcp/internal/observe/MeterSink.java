package dev.mortise.mcp.internal.observe;

import dev.mortise.mcp.observe.MetricSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sink that fills a Micrometer registry. */
public final class MeterSink implements MetricSink {
    private static final Logger LOG = LoggerFactory.getLogger(MetricSink.class);
    private static final int MAX_SERIES = 1_000;

    private final MeterRegistry registry;
    private final Buckets buckets;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Set<Map<String, String>>> series = new HashMap<>();
    private final Set<String> overfull = new HashSet<>();
    private final Map<String, Map<Map<String, String>, Shown>> shown = new HashMap<>();

    /** @param value kept here, because a registry holds what it counts only weakly */
    private record Shown(Meter meter, DoubleSupplier value) {}

    public MeterSink(MeterRegistry registry, Buckets buckets) {
        this.registry = registry;
        this.buckets = buckets;
    }

    @Override
    public void gauge(String name, Map<String, String> labels, DoubleSupplier value) {
        show(
                name,
                labels,
                value,
                () -> Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                        .tags(tags(labels))
                        .strongReference(true)
                        .register(registry));
    }

    @Override
    public void total(String name, Map<String, String> labels, DoubleSupplier value) {
        show(
                name,
                labels,
                value,
                () -> FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                        .tags(tags(labels))
                        .register(registry));
    }

    private void show(String name, Map<String, String> labels, DoubleSupplier value, Supplier<Meter> register) {
        lock.lock();
        try {
            if (!admits(name, labels)) {
                return;
            }
            // A registry keeps the meter that it has: without this, one that was restarted would show its former self.
            forget(name, labels);
            shown.computeIfAbsent(name, key -> new HashMap<>())
                    .put(Map.copyOf(labels), new Shown(register.get(), value));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public LongConsumer counter(String name, Map<String, String> labels) {
        lock.lock();
        try {
            if (!admits(name, labels)) {
                return amount -> {};
            }
            Counter counter = Counter.builder(name).tags(tags(labels)).register(registry);
            return counter::increment;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public DoubleConsumer histogram(String name, Map<String, String> labels) {
        lock.lock();
        try {
            if (!admits(name, labels)) {
                return seconds -> {};
            }
            // A timer, because a registry's summaries round values up to whole numbers before they look for the bucket.
            Timer timer = Timer.builder(name)
                    .tags(tags(labels))
                    .serviceLevelObjectives(buckets.durations())
                    .register(registry);
            return seconds -> timer.record(Math.round(seconds * 1e9), TimeUnit.NANOSECONDS);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remove(String name, Map<String, String> labels) {
        lock.lock();
        try {
            forget(name, labels);
            Set<Map<String, String>> known = series.get(name);
            if (known != null) {
                known.remove(labels);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(String name, Map<String, String> labels) {
        Map<Map<String, String>, Shown> named = shown.get(name);
        Shown former = named == null ? null : named.remove(labels);
        if (former != null) {
            registry.remove(former.meter());
        }
    }

    private boolean admits(String name, Map<String, String> labels) {
        Set<Map<String, String>> known = series.computeIfAbsent(name, key -> new HashSet<>());
        if (known.contains(labels)) {
            return true;
        }
        if (known.size() >= MAX_SERIES) {
            if (overfull.add(name)) {
                LOG.warn("{} has more than {} combinations of labels: dropping the rest", name, MAX_SERIES);
            }
            return false;
        }
        return known.add(Map.copyOf(labels));
    }

    private static Iterable<Tag> tags(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> Tag.of(label.getKey(), label.getValue()))
                .toList();
    }
}
