package dev.mortise.billing.credit;

import dev.mortise.billing.money.InvalidAmount;
import dev.mortise.billing.money.Money;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Money that a tenant has prepaid or was given, and what is left of it. Immutable.
 *
 * @param amount at the beginning; above zero
 * @param remaining 0 to amount
 * @param priority the lower, the sooner it is used
 * @param from when it may be used, inclusive
 * @param expiresAt until when, exclusive; empty for ever
 * @param rollover what becomes of the rest when it expires
 * @param reason in the words of whoever gave it
 */
public record Credit(
        String id,
        String tenant,
        Money amount,
        Money remaining,
        int priority,
        Instant from,
        Optional<Instant> expiresAt,
        Optional<Rollover> rollover,
        String reason,
        Instant createdAt,
        Optional<Instant> voidedAt) {
    /** The order in which credits are used: by priority, then what expires soonest, then the oldest. */
    public static final Comparator<Credit> ORDER = Comparator.comparingInt(Credit::priority)
            .thenComparing(credit -> credit.expiresAt().orElse(Instant.MAX))
            .thenComparing(Credit::createdAt)
            .thenComparing(Credit::id);

    /**
     * What is left goes on after the end, for as long again.
     *
     * @param times how often yet; at least 1
     * @param cap the most that goes on; empty for all of it
     */
    public record Rollover(int times, Optional<Money> cap) {
        public Rollover {
            if (times < 1) {
                throw new IllegalArgumentException("A credit rolls over at least once, or has no rollover");
            }
        }
    }

    public Credit {
        if (!amount.isPositive()) {
            throw new InvalidAmount("A credit is above zero, not " + amount);
        }
        if (remaining.isNegative() || remaining.compareTo(amount) > 0) {
            throw new InvalidAmount("What is left is 0 to " + amount + ", not " + remaining);
        }
        if (expiresAt.isPresent() && !expiresAt.get().isAfter(from)) {
            throw new IllegalArgumentException("A credit expires after it begins");
        }
        if (rollover.isPresent() && expiresAt.isEmpty()) {
            throw new IllegalArgumentException("Only what expires rolls over");
        }
        rollover.flatMap(Rollover::cap).ifPresent(amount::compareTo);
    }

    public boolean isUsable(Instant at) {
        return voidedAt.isEmpty()
                && remaining.isPositive()
                && !from.isAfter(at)
                && expiresAt.filter(end -> !at.isBefore(end)).isEmpty();
    }

    public Credit withRemaining(Money newRemaining) {
        return new Credit(
                id, tenant, amount, newRemaining, priority, from, expiresAt, rollover, reason, createdAt, voidedAt);
    }

    /** The credit that the rest of this one becomes when it expires; empty if there is none. */
    public Optional<Credit> rolled() {
        if (rollover.isEmpty() || voidedAt.isPresent() || remaining.isZero()) {
            return Optional.empty();
        }
        Rollover policy = rollover.get();
        Money rest = policy.cap().map(remaining::min).orElse(remaining);
        if (!rest.isPositive()) {
            return Optional.empty();
        }
        Instant end = expiresAt.orElseThrow();
        Optional<Rollover> next =
                policy.times() == 1 ? Optional.empty() : Optional.of(new Rollover(policy.times() - 1, policy.cap()));
        return Optional.of(new Credit(
                id + "+",
                tenant,
                rest,
                rest,
                priority,
                end,
                Optional.of(end.plus(java.time.Duration.between(from, end))),
                next,
                reason,
                createdAt,
                Optional.empty()));
    }
}
