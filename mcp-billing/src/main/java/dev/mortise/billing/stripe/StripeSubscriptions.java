package dev.mortise.billing.stripe;

import com.stripe.model.Invoice;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.ProviderSubscription;
import dev.mortise.billing.payment.SubscriptionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Subscriptions of Stripe in the words of all providers. */
final class StripeSubscriptions {
    /** In an object's metadata: the operation it was made by. */
    static final String OPERATION = "mortise_operation";
    /** In an object's metadata, for people who look at it. */
    static final String TENANT = "mortise_tenant";

    private StripeSubscriptions() {}

    static ProviderSubscription convert(Subscription subscription) {
        SubscriptionItem base = base(subscription);
        SubscriptionStatus status = status(subscription.getStatus());
        Instant end = base == null ? null : instant(base.getCurrentPeriodEnd());
        Instant cancelAt = instant(subscription.getCancelAt());
        boolean sooner = cancelAt != null && (end == null || !cancelAt.isAfter(end));
        Invoice invoice = subscription.getLatestInvoiceObject();
        boolean owes = status == SubscriptionStatus.PAST_DUE || status == SubscriptionStatus.SUSPENDED;
        return new ProviderSubscription(
                subscription.getId(),
                subscription.getCustomer(),
                metadata(subscription).get(OPERATION),
                base == null ? null : base.getPrice().getId(),
                false,
                status,
                base == null ? null : instant(base.getCurrentPeriodStart()),
                sooner ? cancelAt : end,
                instant(subscription.getTrialEnd()),
                sooner || Boolean.TRUE.equals(subscription.getCancelAtPeriodEnd()),
                owes ? outstanding(invoice) : null,
                owes ? arrearsSince(invoice) : null,
                instant(subscription.getEndedAt()));
    }

    static Map<String, String> metadata(Subscription subscription) {
        return Objects.requireNonNullElse(subscription.getMetadata(), Map.of());
    }

    /** The one item that is not usage; {@code null} if there is none, or several. */
    static @Nullable SubscriptionItem base(Subscription subscription) {
        List<SubscriptionItem> licensed = subscription.getItems().getData().stream()
                .filter(item -> !isMetered(item))
                .toList();
        return licensed.size() == 1 ? licensed.get(0) : null;
    }

    static boolean isMetered(SubscriptionItem item) {
        return item.getPrice().getRecurring() != null
                && "metered".equals(item.getPrice().getRecurring().getUsageType());
    }

    private static SubscriptionStatus status(String status) {
        return switch (status) {
            case "incomplete" -> SubscriptionStatus.PENDING;
            case "trialing" -> SubscriptionStatus.TRIALING;
            case "active" -> SubscriptionStatus.ACTIVE;
            case "past_due" -> SubscriptionStatus.PAST_DUE;
            case "canceled", "incomplete_expired" -> SubscriptionStatus.ENDED;
            // unpaid, paused, and what was invented since: it entitles to nothing, and is not over.
            default -> SubscriptionStatus.SUSPENDED;
        };
    }

    private static @Nullable Money outstanding(@Nullable Invoice invoice) {
        return invoice == null || invoice.getAmountRemaining() == null
                ? null
                : StripeAmounts.money(invoice.getAmountRemaining(), invoice.getCurrency());
    }

    private static @Nullable Instant arrearsSince(@Nullable Invoice invoice) {
        if (invoice == null) {
            return null;
        }
        if (invoice.getDueDate() != null) {
            return instant(invoice.getDueDate());
        }
        Invoice.StatusTransitions transitions = invoice.getStatusTransitions();
        return transitions == null || transitions.getFinalizedAt() == null
                ? instant(invoice.getCreated())
                : instant(transitions.getFinalizedAt());
    }

    static @Nullable Instant instant(@Nullable Long seconds) {
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }
}
