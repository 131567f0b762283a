package dev.mortise.benchmarks.billing;

import dev.mortise.benchmarks.Latencies;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many events a second the ledger takes durably: callers that each wait for theirs, and share transactions. The goal
 * is 10,000 on either database.
 */
public final class EventsRun {
    private static final List<Integer> CALLERS = List.of(1, 64, 256, 1024);
    private static final int TENANTS = 50;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    private EventsRun() {}

    /** @param args seconds for each line, 3 if nothing is said; and the databases, all if nothing is said */
    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length == 0 ? 3 : Integer.parseInt(args[0]));
        List<String> databases = args.length < 2 ? Durable.NAMES : List.of(args).subList(1, args.length);
        for (String name : databases) {
            for (Durability durability : List.of(Durability.WRITTEN, Durability.SYNCED)) {
                try (Durable database = Durable.of(name)) {
                    run(database, durability, time);
                }
            }
        }
    }

    private static void run(Durable database, Durability durability, Duration time) throws Exception {
        try (JdbcLedgerStore store = JdbcLedgerStore.in(database.dataSource())
                        .durability(durability)
                        .timeout(LONG)
                        .migrate();
                Journal journal = Journal.start(store, LONG, 20_000)) {
            Ledger ledger = new Ledger(journal, Meters.standard(), Clock.systemUTC(), LONG);
            load(ledger, "warm-up", 256, WARM_UP);
            for (int callers : CALLERS) {
                Latencies latencies = load(ledger, "line-" + callers, callers, time);
                System.out.printf(
                        "%-9s %-8s %4d callers %8.0f events/s, %s%n",
                        database.name(),
                        durability,
                        callers,
                        latencies.count() / (time.toNanos() / 1e9),
                        latencies.summary());
            }
        }
    }

    /** Returns how long each event took that was acknowledged. */
    static Latencies load(Ledger ledger, String source, int callers, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Future<Latencies>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < callers; c++) {
                int caller = c;
                running.add(threads.submit(() -> {
                    Latencies latencies = new Latencies();
                    String tenant = "tenant-" + caller % TENANTS;
                    for (long began = System.nanoTime(); began - end < 0; began = System.nanoTime()) {
                        UsageEvent event = new UsageEvent(
                                tenant,
                                Meter.API_CALLS.name(),
                                source,
                                caller + "-" + latencies.count(),
                                1,
                                Instant.now(),
                                "quote",
                                "user-" + caller);
                        if (!(ledger.record(event) instanceof Booking.Booked)) {
                            throw new IllegalStateException("An event was not booked: " + event);
                        }
                        latencies.add(System.nanoTime() - began);
                    }
                    return latencies;
                }));
            }
        }
        Latencies all = new Latencies();
        for (Future<Latencies> each : running) {
            all.addAll(each.get());
        }
        return all;
    }
}
