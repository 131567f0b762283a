package dev.mortise.benchmarks.billing;

import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.quota.Admission;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.billing.quota.Request;
import dev.mortise.billing.quota.Reservation;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Holding units below a hard limit, and what becomes of them, on one thread. The entries go to a store that costs nothing
 * ({@link MemoryLedger}), on another thread; what a database costs is in {@link EventsRun}. The goal for reserve and
 * commit is 5 us.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReservationBenchmark {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int TENANTS = 64;

    final MemoryLedger store = new MemoryLedger(Durability.BUFFERED);
    private final Request[] requests = new Request[TENANTS];
    private final AtomicInteger next = new AtomicInteger();
    private final Journal journal = Journal.start(store, MINUTE, 100_000);
    private final Quotas quotas = Quotas.start(
            journal, Meters.standard(), new WidePlan(), Clock.systemUTC(), Duration.ofSeconds(2), threshold -> {});

    @Setup
    public void name() {
        for (int t = 0; t < TENANTS; t++) {
            requests[t] = new Request("tenant-" + t, Map.of(Meter.API_CALLS.name(), 1L), "bench", "quote", "user-" + t);
        }
    }

    @Benchmark
    public Reservation.Commit reserveAndCommit() {
        Reservation reservation = reserve();
        while (true) {
            try {
                return reservation.commit();
            } catch (StoreUnavailable e) {
                // Faster than the writer: what waits for room is part of the cost.
                Thread.onSpinWait();
            }
        }
    }

    @Benchmark
    public boolean reserveAndRelease() {
        return reserve().release();
    }

    private Reservation reserve() {
        Request request = requests[next.getAndIncrement() & (TENANTS - 1)];
        return switch (quotas.reserve(request, MINUTE)) {
            case Admission.Reserved reserved -> reserved.reservation();
            case Admission.Denied denied -> throw new IllegalStateException(denied.toString());
            case Admission.Invalid invalid -> throw new IllegalStateException(invalid.toString());
            case Admission.ClockWentBack back -> throw new IllegalStateException(back.toString());
        };
    }

    @TearDown
    public void close() {
        quotas.close();
        journal.close();
    }
}
