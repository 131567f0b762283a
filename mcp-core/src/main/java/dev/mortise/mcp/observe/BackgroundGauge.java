package dev.mortise.mcp.observe;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A figure for {@link MetricSink#gauge} that takes a while to find out, as what stands in a database does. Whoever scrapes
 * must not wait for it, or is without any figure just when the database is away. So it is asked for in the background, when
 * somebody looks and what is known is older than 15 seconds, and what is known is shown: not a number before the first
 * answer, and the last one while the source fails. Thread-safe.
 */
public final class BackgroundGauge implements DoubleSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundGauge.class);
    private static final long FRESH = Duration.ofSeconds(15).toNanos();

    private final DoubleSupplier source;
    private final LongSupplier nanos;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile double known = Double.NaN;
    private volatile long knownAt;

    BackgroundGauge(DoubleSupplier source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
        this.knownAt = nanos.getAsLong() - FRESH;
    }

    /** @param source asked on a virtual thread of its own, once at a time; may block, and may fail */
    public static BackgroundGauge of(DoubleSupplier source) {
        return new BackgroundGauge(source, System::nanoTime);
    }

    /** What was last known; does not block. */
    @Override
    public double getAsDouble() {
        if (nanos.getAsLong() - knownAt >= FRESH && asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mortise-gauge").start(this::ask);
        }
        return known;
    }

    private void ask() {
        double found = known;
        try {
            found = source.getAsDouble();
        } catch (RuntimeException e) {
            LOG.debug("A figure is not known", e);
        } finally {
            knownAt = nanos.getAsLong();
            known = found;
            asking.set(false);
        }
    }
}
