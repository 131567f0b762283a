package dev.mortise.billing.paypal;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.ProviderSubscription;
import dev.mortise.billing.payment.ProviderUnavailable;
import dev.mortise.billing.payment.SubscriptionStatus;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Subscriptions of PayPal in the words of all providers. */
final class PayPalSubscriptions {
    private PayPalSubscriptions() {}

    static ProviderSubscription convert(JsonNode node) {
        JsonNode billing = node.path("billing_info");
        Money outstanding = PayPalAmounts.read(billing.path("outstanding_balance"));
        boolean owes = outstanding != null && outstanding.minor() > 0;
        SubscriptionStatus status = status(node.path("status").asString(""), owes, isTrial(billing));
        Instant lastPayment = instant(billing.path("last_payment").path("time"));
        return new ProviderSubscription(
                required(node, "id"),
                null,
                node.path("custom_id").asString(null),
                required(node, "plan_id"),
                node.path("plan_overridden").asBoolean(false),
                status,
                lastPayment == null ? instant(node.path("start_time")) : lastPayment,
                instant(billing.path("next_billing_time")),
                status == SubscriptionStatus.TRIALING ? instant(billing.path("next_billing_time")) : null,
                false,
                owes ? outstanding : null,
                owes ? instant(billing.path("last_failed_payment").path("time")) : null,
                null);
    }

    /** PayPal goes on calling a subscription active while a payment is overdue: it says so by the balance alone. */
    private static SubscriptionStatus status(String status, boolean owes, boolean trial) {
        return switch (status) {
            case "APPROVAL_PENDING", "APPROVED" -> SubscriptionStatus.PENDING;
            case "ACTIVE" ->
                owes ? SubscriptionStatus.PAST_DUE : trial ? SubscriptionStatus.TRIALING : SubscriptionStatus.ACTIVE;
            case "CANCELLED", "EXPIRED" -> SubscriptionStatus.ENDED;
            // SUSPENDED, and what was invented since: it entitles to nothing, and is not over.
            default -> SubscriptionStatus.SUSPENDED;
        };
    }

    /** Whether cycles of a trial are left, which come before all others. */
    private static boolean isTrial(JsonNode billing) {
        for (JsonNode cycle : billing.path("cycle_executions")) {
            if (cycle.path("tenure_type").asString("").equals("TRIAL")
                    && cycle.path("cycles_remaining").asInt(0) > 0) {
                return true;
            }
        }
        return false;
    }

    static Optional<URI> approval(JsonNode node) {
        for (JsonNode link : node.path("links")) {
            if (link.path("rel").asString("").equals("approve")) {
                URI page = URI.create(link.path("href").asString(""));
                if (page.getScheme() == null || page.getHost() == null) {
                    throw new ProviderUnavailable("PayPal gave a link that leads nowhere", null);
                }
                return Optional.of(page);
            }
        }
        return Optional.empty();
    }

    static String required(JsonNode node, String field) {
        String text = node.path(field).asString("");
        if (text.isEmpty()) {
            throw new ProviderUnavailable("PayPal gave a subscription without " + field, null);
        }
        return text;
    }

    private static @Nullable Instant instant(JsonNode node) {
        try {
            return node.isString() ? OffsetDateTime.parse(node.asString()).toInstant() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
