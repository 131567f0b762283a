package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls may run at once, found out by how long they take. Time is cut into windows. In each, the time of every
 * call is compared with what calls of the same kind take when there is little to do, so that a change of the mix is not
 * mistaken for load. Within the tolerance the limit grows by one, if it is in use; beyond it shrinks in proportion.
 *
 * <p>What calls take with little to do is learned: at once where it is shorter, and again every few seconds in which
 * calls are slow, in a window for which the limit is halved. If calls are then as slow as before, it is not our number
 * that makes them slow, and that is how long they take now. Thread-safe.
 */
public final class AdaptiveLimit {
    private static final long WINDOW = Duration.ofMillis(100).toNanos();
    private static final long PROBE_EVERY = Duration.ofSeconds(10).toNanos();
    private static final int LEAST_SAMPLES = 10;
    private static final int MOST_KINDS = 1_000;
    private static final double SMOOTHING = 0.3;
    private static final double DROP = 0.9;

    private final Overload config;
    private final Ticker ticker;
    private final double leastUsual;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile int limit;

    // Under the lock:
    private final Map<String, Kind> kinds = new HashMap<>();
    private double exact;
    private long windowBegan;
    private int samples;
    private double ratios;
    private boolean dropped;
    private int mostInFlight;
    private long slowSince;
    private boolean slow;
    private boolean probing;
    private double beforeProbe;

    /** Calls that take about the same time. */
    private static final class Kind {
        private double usual;
        private double probed;
        private int probes;
    }

    public AdaptiveLimit(Overload config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.leastUsual = config.usualAtLeast().toNanos();
        this.limit = config.initial();
        this.exact = config.initial();
        this.windowBegan = ticker.nanos();
    }

    /** Takes a call in; false if there are too many. */
    public boolean tryEnter() {
        int most = limit;
        while (true) {
            int now = inFlight.get();
            if (now >= most) {
                return false;
            }
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** A call is over, and says nothing about the load: it was cancelled, for example. */
    public void leave() {
        inFlight.decrementAndGet();
    }

    /**
     * A call is over.
     *
     * @param nanos how long it took
     * @param timedOut whether it had to be given up
     */
    public void leave(String kind, long nanos, boolean timedOut) {
        int running = inFlight.getAndDecrement();
        // A sample more or less does not matter; that calls do not wait for each other does.
        if (lock.tryLock()) {
            try {
                sample(kind, Math.max(1, nanos), timedOut, running);
            } finally {
                lock.unlock();
            }
        }
    }

    private void sample(String name, long nanos, boolean timedOut, int running) {
        mostInFlight = Math.max(mostInFlight, running);
        dropped |= timedOut;
        if (!timedOut) {
            Kind kind = kinds.get(name);
            if (kind == null && kinds.size() < MOST_KINDS) {
                kind = new Kind();
                kind.usual = nanos;
                kinds.put(name, kind);
            }
            if (kind != null) {
                samples++;
                ratios += nanos / Math.max(kind.usual, leastUsual);
                learn(kind, nanos);
            }
        }
        long now = ticker.nanos();
        if ((samples >= LEAST_SAMPLES || dropped) && now - windowBegan >= WINDOW) {
            adjust(now);
            windowBegan = now;
            samples = 0;
            ratios = 0;
            dropped = false;
            mostInFlight = 0;
        }
    }

    private void learn(Kind kind, long nanos) {
        if (nanos < kind.usual) {
            kind.usual += (nanos - kind.usual) * 0.1;
        }
        if (probing) {
            kind.probed += nanos;
            kind.probes++;
        }
    }

    private void adjust(long now) {
        if (probing) {
            endProbe(now);
            return;
        }
        double ratio = samples == 0 ? 1 : ratios / samples;
        double gradient = Math.clamp(config.tolerance() / ratio, 0.5, 1);
        if (dropped) {
            gradient = Math.min(gradient, DROP);
        }
        if (gradient < 1) {
            set(exact * (1 - SMOOTHING * (1 - gradient)));
        } else if (mostInFlight * 2 >= limit) {
            set(exact + 1);
        }
        if (gradient == 1) {
            slow = false;
        } else if (!slow) {
            slow = true;
            slowSince = now;
        } else if (now - slowSince >= PROBE_EVERY) {
            beginProbe();
        }
    }

    private void beginProbe() {
        probing = true;
        beforeProbe = exact;
        set(exact / 2);
    }

    /** Calls that began before the probe are in its samples, too; half of what it finds is believed at once. */
    private void endProbe(long now) {
        for (Kind kind : kinds.values()) {
            if (kind.probes > 0) {
                kind.usual = (kind.usual + kind.probed / kind.probes) / 2;
                kind.probed = 0;
                kind.probes = 0;
            }
        }
        probing = false;
        slowSince = now - PROBE_EVERY / 2;
        set(beforeProbe);
    }

    private void set(double wanted) {
        exact = Math.clamp(wanted, (double) config.least(), (double) config.most());
        limit = (int) exact;
    }

    public int limit() {
        return limit;
    }

    public int inFlight() {
        return inFlight.get();
    }
}
