package dev.mortise.billing.paypal;

import com.sun.net.httpserver.HttpExchange;
import dev.mortise.billing.payment.FakeHttp;
import dev.mortise.billing.payment.TestClock;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * PayPal as far as it is used here: requests must be what its OpenAPI files describe, and so are the answers. Tokens end,
 * request ids are remembered for three days, and webhooks are signed.
 */
final class FakePayPal extends FakeHttp {
    static final String WEBHOOK = "8PT597110X687430LKGECATA";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SUBSCRIPTIONS = "/v1/billing/subscriptions";

    private record Kept(String body, Reply reply, Instant until) {}

    /** An event as it would be sent. */
    record Event(String id, String body) {}

    private final TestClock clock;
    private final OpenApi billing = new OpenApi("billing_subscriptions_v1");
    private final OpenApi catalog = new OpenApi("catalogs_products_v1");
    private final Map<String, Instant> tokens = new HashMap<>();
    private final Map<String, Kept> kept = new HashMap<>();
    private final Map<String, ObjectNode> products = new LinkedHashMap<>();
    private final Map<String, ObjectNode> plans = new LinkedHashMap<>();
    final Map<String, ObjectNode> subscriptions = new LinkedHashMap<>();
    private final Map<String, String> revisions = new HashMap<>();
    final List<Event> events = new ArrayList<>();
    int tokenLife = 32_400;
    boolean revisingNeedsApproval;
    private int count;

    FakePayPal(TestClock clock) {
        this.clock = clock;
    }

    @Override
    protected String kind(String method, String path) {
        return method
                + ' '
                + path.replaceAll("/(I|P)-[A-Z0-9]+", "/{id}")
                        .replaceAll("products/.+", "products/{product_id}")
                        .replaceAll("certs/.+", "certs/:name");
    }

    @Override
    protected Reply answer(String kind, HttpExchange exchange, String body) {
        if (kind.equals("POST /v1/oauth2/token")) {
            return token(exchange, body);
        }
        if (kind.equals("GET /v1/notifications/certs/:name")) {
            String alias = exchange.getRequestURI().getPath().replaceAll(".*/CERT-", "");
            return new Reply(200, Signers.pem(alias) + Signers.pem("authority"), Map.of());
        }
        String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                .replace("Bearer ", "");
        if (!tokens.containsKey(token) || !clock.instant().isBefore(tokens.get(token))) {
            return Reply.json(401, JSON.createObjectNode().put("error", "invalid_token"));
        }
        String method = exchange.getRequestMethod().toLowerCase(java.util.Locale.ROOT);
        String path = kind.substring(kind.indexOf(' ') + 1);
        OpenApi api = path.startsWith("/v1/catalogs") ? catalog : billing;
        if (!api.has(path, method)) {
            complain("PayPal has no " + kind);
            return Reply.json(404, JSON.createObjectNode());
        }
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
        for (String pair : query.split("&")) {
            String name = pair.replaceAll("=.*", "");
            if (!name.isEmpty() && !api.hasParameter(path, method, name)) {
                complain(kind + " has no parameter " + name);
            }
        }
        String requestId = exchange.getRequestHeaders().getFirst("PayPal-Request-Id");
        if (requestId != null && !api.hasParameter(path, method, "PayPal-Request-Id")) {
            complain(kind + " has no use for a PayPal-Request-Id");
        }
        if (method.equals("post")) {
            List<String> problems = api.request(path, method, JSON.readTree(body.isEmpty() ? "{}" : body));
            if (!problems.isEmpty()) {
                problems.forEach(this::complain);
                return refusal(400, "INVALID_REQUEST", "MALFORMED");
            }
        }
        Kept before = requestId == null ? null : this.kept.get(requestId);
        if (before != null && clock.instant().isBefore(before.until())) {
            if (!before.body().equals(body)) {
                complain("The request id came with another body");
            }
            return before.reply();
        }
        Reply reply = route(kind, exchange, body.isEmpty() ? null : JSON.readTree(body));
        if (reply.status() < 300 && !reply.body().isEmpty()) {
            api.response(path, method, reply.status(), JSON.readTree(reply.body()))
                    .forEach(problem -> complain("The answer to " + kind + ": " + problem));
        }
        if (requestId != null) {
            this.kept.put(requestId, new Kept(body, reply, clock.instant().plus(Duration.ofHours(72))));
        }
        return reply;
    }

    private Reply token(HttpExchange exchange, String body) {
        String basic = "Basic " + Base64.getEncoder().encodeToString("client:secret".getBytes(StandardCharsets.UTF_8));
        if (!basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || !body.equals("grant_type=client_credentials")) {
            return Reply.json(401, JSON.createObjectNode().put("error", "invalid_client"));
        }
        String token = "A21." + ++count;
        tokens.put(token, clock.instant().plusSeconds(tokenLife));
        return Reply.json(
                200,
                JSON.createObjectNode()
                        .put("access_token", token)
                        .put("token_type", "Bearer")
                        .put("expires_in", tokenLife));
    }

    /** All tokens are taken back before their time. */
    void endTokens() {
        lock.lock();
        try {
            tokens.clear();
        } finally {
            lock.unlock();
        }
    }

    private Reply route(String kind, HttpExchange exchange, JsonNode body) {
        String path = exchange.getRequestURI().getPath();
        String[] parts = path.split("/");
        String last = parts[parts.length - 1];
        return switch (kind) {
            case "GET /v1/catalogs/products/{product_id}" -> found(products.get(last));
            case "POST /v1/catalogs/products" -> {
                ObjectNode product = body.asObject().deepCopy();
                products.put(product.path("id").asString(), product);
                yield Reply.json(201, product);
            }
            case "GET /v1/billing/plans" -> {
                ObjectNode page = JSON.createObjectNode();
                var list = page.putArray("plans");
                plans.values().forEach(list::add);
                yield Reply.json(200, page);
            }
            case "POST /v1/billing/plans" -> {
                ObjectNode plan = body.asObject().deepCopy();
                String id = "P-" + String.format("%010d", ++count);
                plan.put("id", id);
                plans.put(id, plan);
                yield Reply.json(201, plan);
            }
            case "POST /v1/billing/subscriptions" -> create(body);
            case "GET /v1/billing/subscriptions/{id}" -> found(subscriptions.get(last));
            case "POST /v1/billing/subscriptions/{id}/cancel" -> cancel(subscriptions.get(parts[4]));
            case "POST /v1/billing/subscriptions/{id}/revise" -> revise(parts[4], body);
            default -> refusal(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID");
        };
    }

    private static Reply found(ObjectNode node) {
        return node == null ? refusal(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID") : Reply.json(200, node);
    }

    private static Reply refusal(int status, String name, String issue) {
        ObjectNode root = JSON.createObjectNode().put("name", name).put("debug_id", "b1d1f06c7246c");
        root.putArray("details").addObject().put("issue", issue);
        return Reply.json(status, root);
    }

    private String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private Reply create(JsonNode body) {
        String id = "I-" + String.format("%010d", ++count);
        ObjectNode made = JSON.createObjectNode()
                .put("id", id)
                .put("plan_id", body.path("plan_id").asString())
                .put("custom_id", body.path("custom_id").asString())
                .put("status", "APPROVAL_PENDING")
                .put("create_time", time(clock.instant()));
        made.putArray("links")
                .addObject()
                .put("href", "https://www.sandbox.paypal.test/approve/" + id)
                .put("rel", "approve")
                .put("method", "GET");
        subscriptions.put(id, made);
        return Reply.json(201, made);
    }

    /** The payer approves on the page, and pays. */
    String approve(java.net.URI page) {
        lock.lock();
        try {
            String id = page.getPath().substring(page.getPath().lastIndexOf('/') + 1);
            ObjectNode subscription = subscriptions.get(id);
            if (revisions.containsKey(id)) {
                subscription.put("plan_id", revisions.remove(id));
                event("BILLING.SUBSCRIPTION.UPDATED", id);
                return id;
            }
            subscription.put("start_time", time(clock.instant()));
            paid(id);
            event("BILLING.SUBSCRIPTION.ACTIVATED", id);
            return id;
        } finally {
            lock.unlock();
        }
    }

    void paid(String id) {
        ObjectNode subscription = subscriptions.get(id);
        subscription.put("status", "ACTIVE");
        ObjectNode info = info(subscription, "0.00", 0);
        info.putObject("last_payment")
                .put("time", time(clock.instant()))
                .putObject("amount")
                .put("currency_code", "USD")
                .put("value", "29.00");
        info.put(
                "next_billing_time",
                time(clock.instant().atOffset(ZoneOffset.UTC).plusMonths(1).toInstant()));
        sale("PAYMENT.SALE.COMPLETED", id);
    }

    /** A payment fails: it stays active, and owes. */
    void failed(String id) {
        ObjectNode info = info(subscriptions.get(id), "29.00", 1);
        info.putObject("last_failed_payment")
                .put("time", time(clock.instant()))
                .putObject("amount")
                .put("currency_code", "USD")
                .put("value", "29.00");
        event("BILLING.SUBSCRIPTION.PAYMENT.FAILED", id);
    }

    private ObjectNode info(ObjectNode subscription, String owed, int failures) {
        ObjectNode info = subscription.putObject("billing_info").put("failed_payments_count", failures);
        info.putObject("outstanding_balance").put("currency_code", "USD").put("value", owed);
        return info;
    }

    private Reply cancel(ObjectNode subscription) {
        if (!subscription.path("status").asString().equals("ACTIVE")) {
            return refusal(422, "UNPROCESSABLE_ENTITY", "SUBSCRIPTION_STATUS_INVALID");
        }
        subscription.put("status", "CANCELLED");
        // What is over has no next bill.
        subscription.path("billing_info").asObject().remove("next_billing_time");
        event("BILLING.SUBSCRIPTION.CANCELLED", subscription.path("id").asString());
        return new Reply(204, "", Map.of());
    }

    private Reply revise(String id, JsonNode body) {
        ObjectNode answer =
                JSON.createObjectNode().put("plan_id", body.path("plan_id").asString());
        if (revisingNeedsApproval) {
            revisions.put(id, body.path("plan_id").asString());
            answer.putArray("links")
                    .addObject()
                    .put("href", "https://www.sandbox.paypal.test/revise/" + id)
                    .put("rel", "approve")
                    .put("method", "GET");
        } else {
            subscriptions.get(id).put("plan_id", body.path("plan_id").asString());
        }
        return Reply.json(200, answer);
    }

    // Webhooks

    void event(String type, String id) {
        ObjectNode event = head(type);
        event.put("resource_type", "subscription").putObject("resource").put("id", id);
        events.add(new Event(event.path("id").asString(), event.toString()));
    }

    private void sale(String type, String id) {
        ObjectNode event = head(type);
        event.put("resource_type", "sale")
                .putObject("resource")
                .put("id", "SALE" + ++count)
                .put("billing_agreement_id", id);
        events.add(new Event(event.path("id").asString(), event.toString()));
    }

    private ObjectNode head(String type) {
        return JSON.createObjectNode()
                .put("id", "WH-" + String.format("%08d", ++count))
                .put("event_type", type)
                .put("create_time", time(clock.instant()));
    }

    /** As PayPal signs it. */
    Map<String, String> signed(byte[] body, String signer, Instant at) {
        try {
            CRC32 sum = new CRC32();
            sum.update(body);
            String id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55";
            Signature signature = Signature.getInstance(signer.equals("curve") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(Signers.key(signer));
            signature.update(
                    (id + '|' + time(at) + '|' + WEBHOOK + '|' + sum.getValue()).getBytes(StandardCharsets.UTF_8));
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("PAYPAL-TRANSMISSION-ID", id);
            fields.put("PAYPAL-TRANSMISSION-TIME", time(at));
            fields.put("PAYPAL-TRANSMISSION-SIG", Base64.getEncoder().encodeToString(signature.sign()));
            fields.put("PAYPAL-CERT-URL", uri() + "/v1/notifications/certs/CERT-" + signer);
            fields.put("PAYPAL-AUTH-ALGO", "SHA256withRSA");
            return fields;
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
