package dev.mortise.billing.stripe;

import dev.mortise.billing.payment.WebhookEvent;
import dev.mortise.billing.payment.WebhookVerdict;
import dev.mortise.mcp.http.HttpRoute;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads events of Stripe: whole ones ({@code object: event}) in whatever version of the API their endpoint has, and thin
 * ones ({@code v2.core.event}). Of both only the ids are used, which have stood in the same place in all versions, but for
 * the subscription of an invoice, which has stood in two.
 */
final class StripeEvents {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,255}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final StripeSignature signature;
    private final boolean live;
    private final @Nullable String account;

    StripeEvents(List<String> secrets, boolean live, @Nullable String account) {
        this.signature = new StripeSignature(secrets);
        this.live = live;
        this.account = account;
    }

    WebhookVerdict read(HttpRoute.Request request, Instant now) {
        String problem = signature.problem(request.head().headers("Stripe-Signature"), request.body(), now);
        if (problem != null) {
            return new WebhookVerdict.Rejected(400, problem);
        }
        JsonNode event;
        try {
            event = JSON.readTree(request.body());
        } catch (JacksonException e) {
            return new WebhookVerdict.Rejected(400, "It is signed and no JSON");
        }
        String id = id(event.path("id"));
        String type = event.path("type").asString("");
        if (id == null
                || type.isEmpty()
                || type.length() > 255
                || !event.path("livemode").isBoolean()) {
            return new WebhookVerdict.Rejected(400, "It is signed and no event");
        }
        if (event.path("livemode").asBoolean() != live) {
            return new WebhookVerdict.Ignored("It is of the other mode");
        }
        boolean thin = event.path("object").asString("").equals("v2.core.event");
        String of = event.path(thin ? "context" : "account").asString(null);
        if (!Objects.equals(of, account)) {
            return new WebhookVerdict.Ignored("It is of another account");
        }
        return thin ? thin(id, type, event) : whole(id, type, event.path("data").path("object"));
    }

    private static WebhookVerdict whole(String id, String type, JsonNode object) {
        JsonNode subscription;
        if (type.startsWith("customer.subscription.")) {
            subscription = object.path("id");
        } else if (type.startsWith("checkout.session.")) {
            subscription = object.path("subscription");
        } else if (type.startsWith("invoice.")) {
            JsonNode parent = object.path("parent").path("subscription_details").path("subscription");
            subscription = parent.isMissingNode() ? object.path("subscription") : parent;
        } else {
            return new WebhookVerdict.Ignored("Nothing depends on " + type);
        }
        String of = id(subscription.isObject() ? subscription.path("id") : subscription);
        return of == null
                ? new WebhookVerdict.Ignored("It names no subscription")
                : new WebhookVerdict.Accepted(new WebhookEvent.SubscriptionChanged(id, type, of));
    }

    private static WebhookVerdict thin(String id, String type, JsonNode event) {
        if (type.equals("v1.billing.meter.error_report_triggered") || type.equals("v1.billing.meter.no_meter_found")) {
            return new WebhookVerdict.Accepted(new WebhookEvent.UsageRejected(id, type, id));
        }
        JsonNode related = event.path("related_object");
        String of = id(related.path("id"));
        return related.path("type").asString("").equals("subscription") && of != null
                ? new WebhookVerdict.Accepted(new WebhookEvent.SubscriptionChanged(id, type, of))
                : new WebhookVerdict.Ignored("Nothing depends on " + type);
    }

    /** It becomes part of an address, so it is checked, signed or not. */
    private static @Nullable String id(JsonNode node) {
        return node.isString() && ID.matcher(node.asString()).matches() ? node.asString() : null;
    }
}
