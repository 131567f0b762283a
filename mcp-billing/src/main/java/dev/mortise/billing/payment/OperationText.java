package dev.mortise.billing.payment;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Operations as text for a database, and back. */
final class OperationText {
    private static final JsonMapper JSON = new JsonMapper();

    private OperationText() {}

    static String kind(Operation operation) {
        return switch (operation) {
            case Operation.Checkout checkout -> "CHECKOUT";
            case Operation.Subscribe subscribe -> "SUBSCRIBE";
            case Operation.Change change -> "CHANGE";
            case Operation.Cancel cancel -> "CANCEL";
        };
    }

    static String write(Operation operation) {
        ObjectNode node = JSON.createObjectNode();
        switch (operation) {
            case Operation.Checkout checkout -> {
                price(node, checkout.price());
                node.put("trial", checkout.trial().toSeconds());
                node.put("return", checkout.returnUrl().toString());
                node.put("cancel", checkout.cancelUrl().toString());
            }
            case Operation.Subscribe subscribe -> {
                price(node, subscribe.price());
                node.put("trial", subscribe.trial().toSeconds());
            }
            case Operation.Change change -> {
                price(node, change.price());
                node.put("subscription", change.subscription());
                node.put("proration", change.proration().name());
                node.put("at", change.at().getEpochSecond());
            }
            case Operation.Cancel cancel -> {
                node.put("subscription", cancel.subscription());
                node.put("when", cancel.when().name());
            }
        }
        return node.toString();
    }

    /** What makes two requests the same; the time at which they were made does not. */
    static String digest(String provider, Operation operation) {
        ObjectNode node = (ObjectNode) JSON.readTree(write(operation));
        node.remove("at");
        node.put("provider", provider).put("kind", kind(operation));
        return sha256(node.toString());
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    static Operation read(StoredOperation stored, @Nullable String customer) {
        JsonNode node = JSON.readTree(stored.detail());
        return switch (stored.kind()) {
            case "CHECKOUT" ->
                new Operation.Checkout(
                        stored.id(),
                        stored.tenant(),
                        customer,
                        price(node, stored.provider()),
                        Duration.ofSeconds(node.required("trial").asLong()),
                        URI.create(node.required("return").asString()),
                        URI.create(node.required("cancel").asString()));
            case "SUBSCRIBE" ->
                new Operation.Subscribe(
                        stored.id(),
                        stored.tenant(),
                        customer,
                        price(node, stored.provider()),
                        Duration.ofSeconds(node.required("trial").asLong()));
            case "CHANGE" ->
                new Operation.Change(
                        stored.id(),
                        stored.tenant(),
                        node.required("subscription").asString(),
                        price(node, stored.provider()),
                        Operation.Proration.valueOf(node.required("proration").asString()),
                        Instant.ofEpochSecond(node.required("at").asLong()));
            case "CANCEL" ->
                new Operation.Cancel(
                        stored.id(),
                        stored.tenant(),
                        node.required("subscription").asString(),
                        Operation.CancelWhen.valueOf(node.required("when").asString()));
            default -> throw new IllegalStateException("A newer version wrote an operation " + stored.kind());
        };
    }

    private static void price(ObjectNode node, PlanPrice price) {
        node.put("plan", price.plan());
        node.put("currency", price.currency().getCurrencyCode());
        node.put("price", price.id());
    }

    private static PlanPrice price(JsonNode node, String provider) {
        return new PlanPrice(
                node.required("plan").asString(),
                Currency.getInstance(node.required("currency").asString()),
                provider,
                node.required("price").asString());
    }
}
