package dev.mortise.mcp.resilience;

import dev.mortise.mcp.observe.MetricSink;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;

/** What a scrape would read. */
public final class Figures implements MetricSink {
    private final Map<String, DoubleSupplier> shown = new ConcurrentHashMap<>();

    @Override
    public void gauge(String name, Map<String, String> labels, DoubleSupplier value) {
        shown.put(key(name, labels), value);
    }

    @Override
    public LongConsumer counter(String name, Map<String, String> labels) {
        LongAdder counted = new LongAdder();
        shown.put(key(name, labels), counted::sum);
        return counted::add;
    }

    @Override
    public DoubleConsumer histogram(String name, Map<String, String> labels) {
        throw new UnsupportedOperationException("Nothing here takes durations");
    }

    @Override
    public void remove(String name, Map<String, String> labels) {
        shown.remove(key(name, labels));
    }

    private static String key(String name, Map<String, String> labels) {
        return name + new TreeMap<>(labels);
    }

    public Map<String, Double> read() {
        Map<String, Double> now = new TreeMap<>();
        shown.forEach((key, value) -> now.put(key, value.getAsDouble()));
        return now;
    }
}
