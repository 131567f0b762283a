package dev.mortise.billing.payment;

import dev.mortise.billing.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as its provider described it when asked, and never as a message about it did.
 *
 * @param customer the provider's id of who pays, where it has customers
 * @param operation the {@link Operation} it was made by, as it was handed to the provider; {@code null} for one made
 *     elsewhere
 * @param price the provider's id of what is charged; {@code null} if there is none, or several that are no add-ons
 * @param altered whether it departs from that price by terms of its own, so that the price says nothing
 * @param periodStart of what was paid for last, inclusive; {@code null} if unknown
 * @param periodEnd exclusive; {@code null} if unknown or none follows
 * @param cancelsAtPeriodEnd whether it ends there
 * @param outstanding what is owed, where the provider says
 * @param arrearsSince since when, where the provider says
 * @param endedAt when it ended; {@code null} if it did not, or the provider does not say
 */
public record ProviderSubscription(
        String id,
        @Nullable String customer,
        @Nullable String operation,
        @Nullable String price,
        boolean altered,
        SubscriptionStatus status,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd,
        @Nullable Instant trialEnd,
        boolean cancelsAtPeriodEnd,
        @Nullable Money outstanding,
        @Nullable Instant arrearsSince,
        @Nullable Instant endedAt) {}
