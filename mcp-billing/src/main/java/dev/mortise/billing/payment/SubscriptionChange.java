package dev.mortise.billing.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is entitled to from now on, because a provider said so or a grace is over.
 *
 * @param plan {@code null}: none, whatever the host then gives
 * @param previousPlan what it was before
 * @param periodStart of what was paid for, inclusive; {@code null} if unknown
 * @param periodEnd exclusive; {@code null} if unknown
 * @param arrearsSince since when it is overdue; {@code null} if it is not
 */
public record SubscriptionChange(
        String tenant,
        @Nullable String plan,
        PaymentStanding standing,
        @Nullable String previousPlan,
        PaymentStanding previousStanding,
        @Nullable String provider,
        @Nullable String subscription,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd,
        @Nullable Instant trialEnd,
        @Nullable Instant arrearsSince,
        Instant at) {}
