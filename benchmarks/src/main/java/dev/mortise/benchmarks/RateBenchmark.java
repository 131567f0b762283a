package dev.mortise.benchmarks;

import dev.mortise.security.limit.MemoryRateStore;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decisions on rates in this process, on one thread, for a thousand callers by turns. The goal is 5 million a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RateBenchmark {
    private static final int CALLERS = 1_024;

    private final RateStore store = new MemoryRateStore();
    private final List<List<RateStore.Charge>> admitted =
            charges(Rate.of(1_000_000_000, Duration.ofSeconds(1)), "wide", 1);
    private final List<List<RateStore.Charge>> refused = charges(new Rate(1, Duration.ofDays(366), 1), "narrow", 1);
    private final List<List<RateStore.Charge>> threeWindows =
            charges(Rate.of(1_000_000_000, Duration.ofSeconds(1)), "three", 3);
    private int next;

    private static List<List<RateStore.Charge>> charges(Rate rate, String window, int windows) {
        List<List<RateStore.Charge>> all = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            List<RateStore.Charge> charges = new ArrayList<>();
            for (int w = 0; w < windows; w++) {
                charges.add(new RateStore.Charge(window + w, rate, "caller:4:acme:user-" + caller, 1));
            }
            all.add(List.copyOf(charges));
        }
        return all;
    }

    private List<RateStore.Charge> turn(List<List<RateStore.Charge>> charges) {
        next = (next + 1) & (CALLERS - 1);
        return charges.get(next);
    }

    @Benchmark
    public boolean admitted() {
        return store.take(turn(admitted)).admitted();
    }

    @Benchmark
    public boolean refused() {
        return store.take(turn(refused)).admitted();
    }

    @Benchmark
    public boolean threeWindows() {
        return store.take(turn(threeWindows)).admitted();
    }
}
