package dev.mortise.mcp.observe;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many different callers had a call carried out today, and this month (UTC). An estimate: the standard error is
 * about 1.2 %. It is made of keyed hashes in a sketch of 4 KiB a window, out of which nobody can be read. Needs
 * {@code com.dynatrace.hash4j:hash4j}. Thread-safe.
 *
 * <p>Replicas that share a key and a store ({@link #sharedBy}) count a caller once who comes to several of them.
 */
public final class ActiveCallers implements McpServer.Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveCallers.class);
    private static final int PRECISION = 12;
    private static final int MAX_SKETCH_BYTES = 1 << 16;
    private static final int MAX_REMEMBERED = 10_000;
    private static final long EXCHANGE_EVERY = Duration.ofMinutes(1).toNanos();
    private static final Duration LAST_EXCHANGE = Duration.ofSeconds(5);
    private static final long MILLIS_A_DAY = 86_400_000L;

    private final CallerHash hash;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Window, UltraLogLog> sketches = new EnumMap<>(Window.class);

    /** Who is in today's sketch for sure: to find that out here is quicker than to add them again. */
    private final Set<Long> counted = ConcurrentHashMap.newKeySet();

    private volatile long today;
    private volatile @Nullable SketchStore shared;

    private ActiveCallers(CallerHash hash, Clock clock) {
        this.hash = hash;
        this.clock = clock;
        this.today = day();
        for (Window window : Window.values()) {
            sketches.put(window, UltraLogLog.create(PRECISION));
        }
    }

    public static ActiveCallers by(CallerHash hash) {
        return by(hash, Clock.systemUTC());
    }

    public static ActiveCallers by(CallerHash hash, Clock clock) {
        return new ActiveCallers(hash, clock);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.intercept(Stage.OBSERVE, this::observe);
        SketchStore store = shared;
        if (store != null) {
            builder.companion(new Exchanging(store));
        }
    }

    /**
     * Counts together with other replicas, which have the same key: exchanges with the store when the server starts,
     * every minute, and when it stops. To be said before it is installed.
     */
    public ActiveCallers sharedBy(SketchStore store) {
        shared = store;
        return this;
    }

    /** As long as its server runs. */
    private final class Exchanging implements ServerCompanion {
        private final SketchStore store;
        private volatile @Nullable Thread thread;
        private volatile boolean stopped;

        Exchanging(SketchStore store) {
            this.store = store;
        }

        @Override
        public void start(RunningServer server) {
            thread = Thread.ofVirtual().name("mortise-active-callers").start(() -> {
                while (!stopped) {
                    exchange(store);
                    long next = System.nanoTime() + EXCHANGE_EVERY;
                    while (!stopped && System.nanoTime() - next < 0) {
                        LockSupport.parkNanos(this, next - System.nanoTime());
                    }
                }
                // So that a restart forgets nobody.
                exchange(store);
            });
        }

        @Override
        public void stop(Duration grace) {
            stopped = true;
            Thread exchanging = thread;
            if (exchanging == null) {
                return;
            }
            LockSupport.unpark(exchanging);
            try {
                exchanging.join(LAST_EXCHANGE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Shows both counts as {@link MetricNames#ACTIVE_CALLERS}. */
    public ActiveCallers reportTo(MetricSink sink) {
        for (Window window : Window.values()) {
            sink.gauge(MetricNames.ACTIVE_CALLERS, Map.of("window", window.label()), () -> count(window));
        }
        return this;
    }

    /** About how many callers there were in the window that is now. */
    public double count(Window window) {
        lock.lock();
        try {
            roll();
            return sketch(window).getDistinctCountEstimate();
        } finally {
            lock.unlock();
        }
    }

    /** Counts a caller, who may have been counted before. */
    public void saw(Caller caller) {
        Long who = hash.boxed(caller);
        if (day() == today && counted.contains(who)) {
            return;
        }
        lock.lock();
        try {
            roll();
            sketches.values().forEach(sketch -> sketch.add(who));
            if (counted.size() >= MAX_REMEMBERED) {
                counted.clear();
            }
            counted.add(who);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Learns what other replicas have written, and writes the sum of it. A store that fails leaves the counts as they
     * are.
     */
    public void exchange(SketchStore store) {
        for (Window window : Window.values()) {
            try {
                exchange(store, window);
            } catch (RuntimeException e) {
                LOG.warn("The active callers of this {} could not be exchanged", window.label(), e);
            }
        }
    }

    private void exchange(SketchStore store, Window window) {
        String period = window.period(LocalDate.ofEpochDay(day()));
        Optional<byte[]> others = store.read(period).filter(bytes -> bytes.length <= MAX_SKETCH_BYTES);
        byte[] sum;
        lock.lock();
        try {
            roll();
            if (!period.equals(window.period(LocalDate.ofEpochDay(today)))) {
                return;
            }
            UltraLogLog own = sketch(window);
            if (others.isPresent()) {
                own = UltraLogLog.merge(own, UltraLogLog.wrap(others.get().clone()));
                sketches.put(window, own);
            }
            sum = own.getState().clone();
        } finally {
            lock.unlock();
        }
        store.write(period, sum, window.keep());
    }

    private Outcome observe(Call call, Interceptor.Chain chain) {
        Outcome outcome = chain.proceed(call);
        if (!(outcome instanceof Outcome.Refused)) {
            saw(call.caller());
        }
        return outcome;
    }

    /** Begins again what is over. */
    private void roll() {
        long now = day();
        if (now == today) {
            return;
        }
        for (Window window : Window.values()) {
            String former = window.period(LocalDate.ofEpochDay(today));
            if (!window.period(LocalDate.ofEpochDay(now)).equals(former)) {
                sketches.put(window, UltraLogLog.create(PRECISION));
            }
        }
        counted.clear();
        today = now;
    }

    private UltraLogLog sketch(Window window) {
        return sketches.computeIfAbsent(window, key -> UltraLogLog.create(PRECISION));
    }

    private long day() {
        return Math.floorDiv(clock.millis(), MILLIS_A_DAY);
    }
}
