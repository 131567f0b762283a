package dev.mortise.billing.paypal;

import dev.mortise.billing.payment.WebhookEvent;
import dev.mortise.billing.payment.WebhookVerdict;
import dev.mortise.mcp.http.HttpRoute;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads webhooks of PayPal: of what they say only the ids are used. */
final class PayPalEvents {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{3,50}");
    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9-]{3,100}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final PayPalSignature signature;

    PayPalEvents(PayPalSignature signature) {
        this.signature = signature;
    }

    WebhookVerdict read(HttpRoute.Request request, Instant now) {
        return switch (signature.check(request.head(), request.body(), now)) {
            case PayPalSignature.Check.Forged forged -> new WebhookVerdict.Rejected(400, forged.reason());
            case PayPalSignature.Check.Unknown unknown -> new WebhookVerdict.Undecided(unknown.reason());
            case PayPalSignature.Check.Genuine genuine -> parse(request.body());
        };
    }

    private static WebhookVerdict parse(byte[] body) {
        JsonNode event;
        try {
            event = JSON.readTree(body);
        } catch (JacksonException e) {
            return new WebhookVerdict.Rejected(400, "It is signed and no JSON");
        }
        String id = text(event.path("id"), EVENT_ID);
        String type = event.path("event_type").asString("");
        if (id == null || type.isEmpty() || type.length() > 100) {
            return new WebhookVerdict.Rejected(400, "It is signed and no event");
        }
        JsonNode resource = event.path("resource");
        String subscription;
        if (type.startsWith("BILLING.SUBSCRIPTION.")) {
            subscription = text(resource.path("id"), ID);
        } else if (type.startsWith("PAYMENT.SALE.")) {
            subscription = text(resource.path("billing_agreement_id"), ID);
        } else {
            return new WebhookVerdict.Ignored("Nothing depends on " + type);
        }
        return subscription == null
                ? new WebhookVerdict.Ignored("It names no subscription")
                : new WebhookVerdict.Accepted(new WebhookEvent.SubscriptionChanged(id, type, subscription));
    }

    private static @Nullable String text(JsonNode node, Pattern pattern) {
        return node.isString() && pattern.matcher(node.asString()).matches() ? node.asString() : null;
    }
}
