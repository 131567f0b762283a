package dev.mortise.billing.ledger;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as one of those that hold units. It says from time to time that it lives; if it could not in time, others
 * take what it held, and it goes on under a new name. Thread-safe.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @param epoch counts the names that this process has had */
    record Term(String id, long epoch, long untilNanos, long untilMillis) {}

    private final ReentrantLock changing = new ReentrantLock();

    private final LedgerStore store;
    private final Duration ttl;
    private volatile Term term;

    Membership(LedgerStore store, Duration ttl) {
        this.store = store;
        this.ttl = ttl;
        this.term = join(1);
    }

    Term term() {
        return term;
    }

    /**
     * Whether what was leased in an epoch is still this process's. Two clocks have to agree: one does not move while
     * the machine sleeps, and the other may be set.
     */
    boolean holds(long epoch) {
        Term now = term;
        return now.epoch() == epoch
                && System.nanoTime() - now.untilNanos() < 0
                && System.currentTimeMillis() < now.untilMillis();
    }

    private Term join(long epoch) {
        byte[] random = new byte[9];
        RANDOM.nextBytes(random);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Term joined = term(id, epoch);
        store.join(id, ttl);
        return joined;
    }

    /** Ends before the database thinks so: it was begun before the database was asked. */
    private Term term(String id, long epoch) {
        long nanos = ttl.toNanos() - ttl.toNanos() / 10;
        return new Term(id, epoch, System.nanoTime() + nanos, System.currentTimeMillis() + nanos / 1_000_000);
    }

    /** Says that this process lives; called about three times in a term. */
    void renew() {
        changing.lock();
        try {
            Term now = term;
            Term next = term(now.id(), now.epoch());
            if (store.renew(now.id(), ttl)) {
                term = next;
            } else {
                rejoin(now.id());
            }
        } finally {
            changing.unlock();
        }
    }

    /** What was held under this name is lost. */
    void rejoin(String id) {
        changing.lock();
        try {
            Term now = term;
            if (now.id().equals(id)) {
                LOG.warn("Replica {} was not heard of in time: the units that it held are others' now", id);
                term = join(now.epoch() + 1);
            }
        } finally {
            changing.unlock();
        }
    }

    void leave() {
        store.leave(term.id());
    }
}
