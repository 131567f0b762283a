package dev.mortise.security.access;

import dev.mortise.mcp.call.Settlement;
import dev.mortise.security.key.KeyStore;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the store what was paid for a call while its user is asked, so that the next round is free, at whichever
 * replica, and only once: there are never more calls that go on than there were payments. Thread-safe.
 */
final class Payments implements Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);

    private final KeyStore keys;
    private final Clock clock;

    Payments(KeyStore keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "dev.mortise.security.spend";
    }

    /** It never fails: whoever comes back with what is not kept pays again, and a payment that is held counts as it is. */
    @Override
    public String suspend(String token) {
        Payment payment = Payment.parse(token);
        if (!payment.isKept()) {
            keep(payment);
        }
        return payment.kept().token();
    }

    void keep(Payment payment) {
        // A call that was cancelled may leave its thread interrupted, and then no store would take anything.
        boolean interrupted = Thread.interrupted();
        try {
            keys.keepPayment(payment.id(), clock.instant());
        } catch (RuntimeException e) {
            LOG.warn("A call that asks its user will be charged to key {} again: {}", payment.key(), e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What was spent stays spent, however the call ends. */
    @Override
    public void settle(String token, Ending ending) {}
}
