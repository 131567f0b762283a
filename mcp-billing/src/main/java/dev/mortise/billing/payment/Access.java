package dev.mortise.billing.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may use at a point in time.
 *
 * @param plan {@code null} unless the standing entitles to one
 * @param until when this ends unless something changes, exclusive; {@code null} if nothing says so
 * @param confirmedAt when a provider last confirmed it; {@code null} if there is nothing to confirm
 * @param stale whether that is longer ago than was allowed; then the plan is {@code null} unless the host chose to keep it
 */
public record Access(
        @Nullable String plan,
        PaymentStanding standing,
        @Nullable String provider,
        @Nullable String subscription,
        @Nullable Instant until,
        @Nullable Instant confirmedAt,
        boolean stale) {
    static final Access NOTHING = new Access(null, PaymentStanding.NONE, null, null, null, null, false);
}
