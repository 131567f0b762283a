package dev.mortise.billing.payment;

import java.util.Objects;

/**
 * A reason to look: an event names what changed, and what it says about how is not used, since events come late, twice
 * and out of order.
 */
public sealed interface WebhookEvent {
    /** The provider's; an effect takes place once for each. */
    String id();

    String type();

    /** @param subscription to be fetched */
    record SubscriptionChanged(String id, String type, String subscription) implements WebhookEvent {
        public SubscriptionChanged {
            Objects.requireNonNull(subscription, "subscription");
        }
    }

    /** @param report to be fetched by {@link PaymentProvider#usageErrors} */
    record UsageRejected(String id, String type, String report) implements WebhookEvent {
        public UsageRejected {
            Objects.requireNonNull(report, "report");
        }
    }
}
