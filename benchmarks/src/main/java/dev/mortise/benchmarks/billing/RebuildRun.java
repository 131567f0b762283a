package dev.mortise.benchmarks.billing;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Books very many events of one tenant and meter, with a window for each of two years' months, and makes the totals anew
 * from them. The goal is 30 s for a million.
 */
public final class RebuildRun {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
    private static final Duration MONTH = Duration.ofDays(30);
    private static final int MONTHS = 24;
    private static final int TOGETHER = 5_000;

    private RebuildRun() {}

    /** What was measured. */
    record Times(double booking, double rebuilding, double verifying) {}

    /** @param args how many events, a million if nothing is said; and the databases, all if nothing is said */
    public static void main(String[] args) throws Exception {
        int events = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
        List<String> databases = args.length < 2 ? Durable.NAMES : List.of(args).subList(1, args.length);
        for (String name : databases) {
            try (Durable database = Durable.of(name)) {
                Times times = run(database, events);
                System.out.printf(
                        "%-9s %d events: booked in %.1f s, rebuilt in %.1f s, verified in %.1f s%n",
                        name, events, times.booking(), times.rebuilding(), times.verifying());
            }
        }
    }

    static Times run(Durable database, int events) {
        try (JdbcLedgerStore store = JdbcLedgerStore.in(database.dataSource())
                        .durability(Durability.WRITTEN)
                        .timeout(LONG)
                        .patience(LONG)
                        .migrate();
                Journal journal = Journal.start(store, LONG, 1_000)) {
            Ledger ledger = new Ledger(journal, Meters.standard(), Clock.systemUTC(), LONG);
            for (int month = 0; month < MONTHS; month++) {
                store.look(Window.of("acme", "api_calls", month(month), month(month + 1)));
            }
            long began = System.nanoTime();
            fill(ledger, events);
            double booking = seconds(began);
            long balance = ledger.balance("acme", "api_calls");
            began = System.nanoTime();
            ledger.rebuild("acme", "api_calls");
            double rebuilding = seconds(began);
            if (ledger.balance("acme", "api_calls") != balance || balance != events) {
                throw new IllegalStateException("Of " + events + " events " + balance + " were counted");
            }
            began = System.nanoTime();
            List<LedgerStore.Discrepancy> wrong = ledger.verify();
            if (!wrong.isEmpty()) {
                throw new IllegalStateException("Totals are wrong: " + wrong);
            }
            return new Times(booking, rebuilding, seconds(began));
        }
    }

    private static Instant month(int number) {
        return FIRST.plus(MONTH.multipliedBy(number));
    }

    private static void fill(Ledger ledger, int events) {
        long step = MONTH.toMillis() * MONTHS / events;
        List<UsageEvent> together = new ArrayList<>(TOGETHER);
        for (int i = 0; i < events; i++) {
            Instant at = FIRST.plusMillis(i * step);
            together.add(new UsageEvent(
                    "acme",
                    Meter.API_CALLS.name(),
                    "bench",
                    Integer.toString(i, 36),
                    1,
                    at,
                    "quote",
                    "user-" + i % 100));
            if (together.size() == TOGETHER || i == events - 1) {
                if (!ledger.record(together).stream().allMatch(Booking.Booked.class::isInstance)) {
                    throw new IllegalStateException("Not every event was booked");
                }
                together.clear();
            }
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
