package dev.mortise.billing.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something between a provider and here that is not as it should be, and that somebody should look at.
 *
 * @param subject the subscription, operation or usage identifier
 */
public record Finding(
        String provider,
        Kind kind,
        String subject,
        @Nullable String tenant,
        String detail,
        Instant seenAt) {
    /** What is wrong. */
    public enum Kind {
        /** Somebody pays for a subscription that belongs to no tenant here. */
        ORPHAN,
        /** A subscription with a price that stands in no list, or with terms of its own: it entitles to nothing. */
        UNKNOWN_PRICE,
        /** A tenant with two subscriptions that cost money. */
        DUPLICATE,
        /** Known here, and not at the provider. */
        MISSING,
        /** It was different here, and has been put right by what the provider says. */
        REPAIRED,
        /** It is different here, and was left so, because too much was. */
        DIFFERENT,
        /** What a provider says could not take effect here; it is tried again every hour, and this removed when it does. */
        NOT_BOOKED,
        /** An operation of which nobody knows whether it took place. */
        UNCERTAIN_OPERATION,
        /** Usage that the provider does not take, or took and threw away. */
        USAGE_REJECTED,
        /** Usage that may or may not have been taken, and cannot be sent again without counting it twice. */
        USAGE_UNCERTAIN,
        /** Usage that came after the last invoice of its subscription. */
        USAGE_UNBILLED,
        /** Usage that was taken back after it had been reported, and nothing for a month to take it off. */
        USAGE_OWED,
        /** The provider counts something else than it has taken. */
        USAGE_DIFFERENT
    }
}
