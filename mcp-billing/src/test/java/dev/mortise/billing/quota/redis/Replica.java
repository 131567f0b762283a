package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.quota.Admission;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.billing.quota.Request;
import dev.mortise.billing.quota.Reservation;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.redis.JedisRedis;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What a process has that counts in Redis before the ledger. */
final class Replica implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);
    /** How long a Redis may take that hangs. */
    static final Duration SHORT = Duration.ofMillis(400);
    /** How long one may take that does not, on a machine that is busy. */
    static final Duration PATIENT = Duration.ofSeconds(20);

    final JedisRedis redis;
    final RedisLedgerStore store;
    final Journal journal;
    final Quotas quotas;
    final Ledger ledger;

    Replica(LedgerStore sql, URI server, String prefix, WhenRedisIsGone whenGone, long limit, Duration patience) {
        redis = JedisRedis.connect(server, patience);
        store = RedisLedgerStore.before(sql, redis)
                .prefix(prefix)
                .whenGone(whenGone)
                .ttl(Duration.ofSeconds(3))
                .pause(Duration.ofMillis(100))
                .start();
        journal = Journal.start(store, Duration.ofSeconds(3), 10_000);
        quotas = Quotas.start(journal, Meters.standard(), new OnePlan(limit), Clock.systemUTC(), LONG, threshold -> {});
        ledger = new Ledger(journal, Meters.standard(), Clock.systemUTC(), LONG);
    }

    /** Holds and uses units; the event's id, or empty if there are none left. */
    Optional<String> spend(String tenant, long units) {
        return switch (reserve(new Request(tenant, Map.of(OnePlan.METER, units), "test", "", ""))) {
            case Admission.Reserved reserved -> {
                Reservation reservation = reserved.reservation();
                if (!(reservation.commit() instanceof Reservation.Commit.Booked booked)
                        || !booked.bookings().get(OnePlan.METER).isKept()) {
                    throw new AssertionError("What was admitted was not booked");
                }
                yield Optional.of(reservation.id() + "/" + OnePlan.METER);
            }
            case Admission.Denied denied -> Optional.empty();
            case Admission.Invalid invalid -> throw new AssertionError(invalid);
            case Admission.ClockWentBack back -> throw new AssertionError(back);
        };
    }

    /** In the moment in which it takes another name it holds nothing. */
    private Admission reserve(Request request) {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            try {
                return quotas.reserve(request, LONG);
            } catch (StoreUnavailable e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Override
    public void close() {
        quotas.close();
        journal.close();
        store.close();
        redis.close();
    }
}
