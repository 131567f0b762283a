package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that uses units until the limit is reached, in threads that race. It says which events were acknowledged, and
 * how many units each has. Arguments: URL, schema, limit, threads, seconds until others take what it holds, and how many
 * units it holds for a call that never ends.
 */
final class Spender {
    static final String TENANT = "acme";
    static final String METER = "api_calls";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Quotas quotas;
    private final long limit;
    /** A race that does not end is one that failed: nobody can interrupt who reads what it says. */
    private final long giveUpAt = System.nanoTime() + LONG.toNanos();

    private Spender(Quotas quotas, long limit) {
        this.quotas = quotas;
        this.limit = limit;
    }

    public static void main(String[] arguments) throws Exception {
        long limit = Long.parseLong(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        LedgerHome home = LedgerHome.of(arguments[0], arguments[1]);
        try (JdbcLedgerStore store = home.setup()
                        .durability(Durability.WRITTEN)
                        .timeout(LONG)
                        .migrate();
                Journal journal = Journal.start(store, Duration.ofSeconds(Long.parseLong(arguments[4])), 10_000);
                Quotas quotas = Quotas.start(
                        journal, Meters.standard(), new FixedPlan(limit), Clock.systemUTC(), LONG, threshold -> {})) {
            long held = Long.parseLong(arguments[5]);
            if (held > 0 && !(quotas.reserve(units(held), LONG) instanceof Admission.Reserved)) {
                throw new IllegalStateException("There are not even " + held + " units left");
            }
            new Spender(quotas, limit).race(threads);
        } finally {
            home.restart();
        }
    }

    private static Request units(long units) {
        return new Request(TENANT, Map.of(METER, units), "test", "", "");
    }

    private void race(int threads) throws Exception {
        if (!spend(1)) {
            throw new IllegalStateException("There is nothing to race for");
        }
        System.out.println("ready.");
        if (System.in.read() < 0) {
            return;
        }
        List<Future<?>> racers = new ArrayList<>();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < threads; t++) {
                int first = t;
                racers.add(all.submit(() -> {
                    boolean more = true;
                    for (int n = first; more; n++) {
                        // Who cannot get three wants one, so that the limit is met exactly.
                        more = (n % 4 == 0 && spend(3)) || spend(1);
                    }
                }));
            }
        }
        for (Future<?> each : racers) {
            each.get();
        }
    }

    /** @return whether it is worth while to go on: what others hold may come back */
    private boolean spend(long units) {
        return switch (quotas.reserve(units(units), LONG)) {
            case Admission.Reserved reserved -> {
                Reservation reservation = reserved.reservation();
                if (reservation.id().hashCode() % 5 == 0) {
                    reservation.release();
                    yield true;
                }
                if (!(reservation.commit() instanceof Reservation.Commit.Booked booked)
                        || !(booked.bookings().get(METER) instanceof Booking.Booked)) {
                    throw new IllegalStateException("What was admitted was not booked: " + reservation.state());
                }
                System.out.println(Reservation.eventId(reservation.id(), METER) + " " + units + ".");
                yield true;
            }
            case Admission.Denied denied -> {
                if (System.nanoTime() - giveUpAt > 0) {
                    throw new IllegalStateException("What others held does not come back: " + denied);
                }
                LockSupport.parkNanos(1_000_000);
                yield units == 1 && denied.denial().used() < limit;
            }
            case Admission.Invalid invalid -> throw new IllegalStateException(invalid.toString());
            case Admission.ClockWentBack back -> throw new IllegalStateException(back.toString());
        };
    }
}
