package dev.mortise.billing.stripe;

import dev.mortise.billing.payment.TestClock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A subscription at the fake Stripe, with its periods of a month. */
final class FakeSubscription {
    private static final JsonMapper JSON = new JsonMapper();

    final String id;
    final String customer;
    final Map<String, String> metadata;
    /** Prices by the ids of items; those that are called {@code usage...} are metered. */
    final Map<String, String> items = new LinkedHashMap<>();

    private final TestClock clock;
    String status = "active";
    boolean cancelAtPeriodEnd;
    boolean live;
    int changes;
    private Instant anchor;
    private int months;
    private Instant start;
    private Instant end;
    private Instant trialEnd;
    private Instant endedAt;
    private Instant invoicedAt;

    FakeSubscription(String id, String customer, Map<String, String> metadata, TestClock clock) {
        this.id = id;
        this.customer = customer;
        this.metadata = new LinkedHashMap<>(metadata);
        this.clock = clock;
    }

    void begin(long trialDays) {
        start = clock.instant();
        anchor = start;
        invoicedAt = start;
        if (trialDays > 0) {
            status = "trialing";
            trialEnd = start.plusSeconds(trialDays * 86_400);
            end = trialEnd;
            anchor = trialEnd;
        } else {
            end = after(1);
            months = 1;
        }
    }

    private Instant after(int number) {
        return anchor.atOffset(ZoneOffset.UTC).plusMonths(number).toInstant();
    }

    boolean isDue() {
        return !status.equals("canceled") && !clock.instant().isBefore(end);
    }

    /** @return the type of the event */
    String renew(boolean cardWorks) {
        if (cancelAtPeriodEnd) {
            status = "canceled";
            endedAt = end;
            return "customer.subscription.deleted";
        }
        start = end;
        invoicedAt = start;
        months++;
        end = after(months);
        status = cardWorks ? "active" : "past_due";
        return "customer.subscription.updated";
    }

    void paid() {
        status = "active";
    }

    void end() {
        status = "canceled";
        endedAt = clock.instant();
    }

    Instant periodEnd() {
        return end;
    }

    ObjectNode json() {
        ObjectNode node = JSON.createObjectNode()
                .put("id", id)
                .put("object", "subscription")
                .put("customer", customer)
                .put("status", status)
                .put("livemode", live)
                .put("currency", "usd")
                .put("created", anchor.getEpochSecond())
                .put("cancel_at_period_end", cancelAtPeriodEnd);
        if (trialEnd != null) {
            node.put("trial_end", trialEnd.getEpochSecond());
        }
        if (endedAt != null) {
            node.put("ended_at", endedAt.getEpochSecond());
        }
        ObjectNode invoice = node.putObject("latest_invoice")
                .put("id", "in_1")
                .put("object", "invoice")
                .put("currency", "usd")
                .put("created", invoicedAt.getEpochSecond())
                .put("amount_remaining", status.equals("past_due") ? 2900 : 0);
        invoice.putObject("status_transitions").put("finalized_at", invoicedAt.getEpochSecond());
        metadata.forEach(node.putObject("metadata")::put);
        ArrayNode data = node.putObject("items").put("object", "list").putArray("data");
        items.forEach((item, price) -> {
            ObjectNode one = data.addObject()
                    .put("id", item)
                    .put("object", "subscription_item")
                    .put("current_period_start", start.getEpochSecond())
                    .put("current_period_end", end.getEpochSecond());
            one.putObject("price")
                    .put("id", price)
                    .put("object", "price")
                    .putObject("recurring")
                    .put("interval", "month")
                    .put("usage_type", price.startsWith("usage") ? "metered" : "licensed");
        });
        return node;
    }
}
