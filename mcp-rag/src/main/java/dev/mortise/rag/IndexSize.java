package dev.mortise.rag;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store says of its size, for gauges: to ask may be to ask a database, and whoever scrapes would wait for it, and
 * would be without any figure when it is away. So it is asked in the background, when somebody looks and what is known is
 * old; and what is known is shown. Thread-safe.
 */
final class IndexSize implements DoubleSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(IndexSize.class);
    private static final long FRESH = Duration.ofSeconds(15).toNanos();

    private final LongSupplier store;
    private final LongSupplier nanos;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile double known = Double.NaN;
    private volatile long knownAt;

    /**
     * @param store asked on a thread of its own
     * @param nanos as {@link System#nanoTime()}
     */
    IndexSize(LongSupplier store, LongSupplier nanos) {
        this.store = store;
        this.nanos = nanos;
        this.knownAt = nanos.getAsLong() - FRESH;
    }

    /** What was last known; not a number before that. */
    @Override
    public double getAsDouble() {
        if (nanos.getAsLong() - knownAt >= FRESH && asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("rag-index-size").start(this::ask);
        }
        return known;
    }

    private void ask() {
        double found = known;
        try {
            found = store.getAsLong();
        } catch (RuntimeException e) {
            LOG.debug("The size of the index is not known", e);
        } finally {
            knownAt = nanos.getAsLong();
            known = found;
            asking.set(false);
        }
    }
}
