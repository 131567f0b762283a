package dev.mortise.mcp.observe;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Stage;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many different callers had a call carried out today, and this month (UTC). An estimate: the standard error is
 * about 1.2 %. It is made of keyed hashes in a sketch of 4 KiB a window, out of which nobody can be read. Needs
 * {@code com.dynatrace.hash4j:hash4j}. Thread-safe.
 *
 * <p>Replicas that share a key and a store count a caller once who comes to several of them: have each call {@link
 * #exchange} every minute or so.
 */
public final class ActiveCallers implements McpServer.Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveCallers.class);
    private static final int PRECISION = 12;
    private static final int MAX_SKETCH_BYTES = 1 << 16;
    private static final int MAX_REMEMBERED = 10_000;
    private static final long MILLIS_A_DAY = 86_400_000L;

    private final CallerHash hash;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Window, UltraLogLog> sketches = new EnumMap<>(Window.class);

    /** Who is in today's sketch for sure: to find that out here is quicker than to add them again. */
    private final Set<Long> counted = ConcurrentHashMap.newKeySet();

    private volatile long today;

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
        long who = hash.of(caller);
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
