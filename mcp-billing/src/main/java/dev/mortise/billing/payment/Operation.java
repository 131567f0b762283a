package dev.mortise.billing.payment;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something a provider is asked to do once. It is written down before the provider hears of it, and its id is what the
 * provider knows it by: asking again, after whatever failure, is asking for the same thing.
 */
public sealed interface Operation {
    /** Unguessable, of letters, digits and hyphens, at most 64 characters. */
    String id();

    String tenant();

    /** A page of the provider's where the tenant agrees to pay, which begins a subscription. */
    record Checkout(
            String id,
            String tenant,
            @Nullable String customer,
            PlanPrice price,
            Duration trial,
            URI returnUrl,
            URI cancelUrl)
            implements Operation {
        public Checkout {
            Objects.requireNonNull(price, "price");
            if (trial.isNegative()) {
                throw new IllegalArgumentException("A trial takes no negative time");
            }
        }
    }

    /** A subscription that is paid in a way the provider knows already, or on trial. */
    record Subscribe(String id, String tenant, @Nullable String customer, PlanPrice price, Duration trial)
            implements Operation {
        public Subscribe {
            Objects.requireNonNull(price, "price");
            if (trial.isNegative()) {
                throw new IllegalArgumentException("A trial takes no negative time");
            }
        }
    }

    /**
     * Another price for a subscription.
     *
     * @param at from which the two are prorated; the same at every attempt, so that all compute the same
     */
    record Change(String id, String tenant, String subscription, PlanPrice price, Proration proration, Instant at)
            implements Operation {}

    /** The end of a subscription. */
    record Cancel(String id, String tenant, String subscription, CancelWhen when) implements Operation {}

    /** What becomes of the rest of a period whose price changes. */
    enum Proration {
        /** The difference stands on the next invoice. */
        NEXT_INVOICE,
        /** The difference is charged at once. */
        NOW,
        NONE
    }

    /** When a subscription ends. */
    enum CancelWhen {
        NOW,
        AT_PERIOD_END
    }
}
