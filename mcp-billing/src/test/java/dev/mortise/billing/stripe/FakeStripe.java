package dev.mortise.billing.stripe;

import com.stripe.Stripe;
import com.stripe.net.Webhook;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.SubscriptionCancelParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionRetrieveParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import com.stripe.param.billing.MeterEventSummaryListParams;
import com.stripe.param.billing.MeterListParams;
import com.stripe.param.checkout.SessionExpireParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import com.sun.net.httpserver.HttpExchange;
import dev.mortise.billing.payment.FakeHttp;
import dev.mortise.billing.payment.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stripe as far as it is used here, and as strict: what it is sent must be what the SDK's own classes can say, keys are
 * replayed or refused, and time is the test's. Subscriptions live in {@link FakeSubscription}, usage in {@link FakeMeters}.
 */
final class FakeStripe extends FakeHttp {
    static final String KEY = "sk_test_fake";
    static final String SECRET = "whsec_now";

    private static final JsonMapper JSON = new JsonMapper();

    private record Kept(String request, Reply reply, Instant until) {}

    /** An event as it would be sent; tests decide when, how often and in which order. */
    record Event(String id, String type, String body) {}

    private final TestClock clock;
    private final Map<String, Kept> keys = new HashMap<>();
    private final Map<String, String> customers = new LinkedHashMap<>();
    private final Map<String, ObjectNode> sessions = new LinkedHashMap<>();
    private final Map<String, FakeSubscription> subscriptions = new LinkedHashMap<>();
    final FakeMeters meters;
    final List<Event> events = new ArrayList<>();
    boolean cardWorks = true;
    private int count;

    FakeStripe(TestClock clock) {
        this.clock = clock;
        this.meters = new FakeMeters(this, lock, clock);
    }

    String id(String prefix) {
        return prefix + "_" + String.format("%06d", ++count);
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    @Override
    protected String kind(String method, String path) {
        return method + ' ' + path.replaceAll("/(cus|sub|cs|evt|mtr)_[A-Za-z0-9_]+", "/:id");
    }

    @Override
    protected Reply answer(String kind, HttpExchange exchange, String body) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (kind.equals("POST /v2/billing/meter_event_stream")) {
            return meters.stream(authorization, body);
        }
        if (!("Bearer " + KEY).equals(authorization)) {
            return error(401, "invalid_request_error", "invalid_api_key", "Invalid API Key");
        }
        if (!Stripe.API_VERSION.equals(exchange.getRequestHeaders().getFirst("Stripe-Version"))) {
            complain("The version is " + exchange.getRequestHeaders().getFirst("Stripe-Version"));
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (!exchange.getRequestMethod().equals("POST") || key == null) {
            return route(kind, exchange, body);
        }
        String request = kind + '\n' + exchange.getRequestURI() + '\n' + body;
        Kept kept = keys.get(key);
        if (kept != null && clock.instant().isBefore(kept.until())) {
            if (!kept.request().equals(request)) {
                complain("The key " + key + " came with other parameters");
                return error(400, "idempotency_error", "idempotency", "Keys are for the same parameters");
            }
            return kept.reply();
        }
        Reply reply = route(kind, exchange, body);
        keys.put(key, new Kept(request, reply, clock.instant().plus(Duration.ofHours(24))));
        return reply;
    }

    private Reply route(String kind, HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getPath();
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (kind) {
            case "GET /v1/customers/search" -> checked(CustomerSearchParams.class, query, this::searchCustomers);
            case "POST /v1/customers" -> checked(CustomerCreateParams.class, body, this::createCustomer);
            case "POST /v1/checkout/sessions" ->
                checked(com.stripe.param.checkout.SessionCreateParams.class, body, this::createSession);
            case "GET /v1/checkout/sessions" ->
                checked(
                        SessionListParams.class,
                        query,
                        form -> list(sessions.values().stream()
                                .filter(one -> one.path("customer").asString("").equals(form.get("customer")))
                                .toList()));
            case "GET /v1/checkout/sessions/:id" ->
                checked(SessionRetrieveParams.class, query, form -> found(sessions.get(last)));
            case "POST /v1/checkout/sessions/:id/expire" ->
                checked(SessionExpireParams.class, body, form -> expire(path.split("/")[4]));
            case "POST /v1/subscriptions" -> checked(SubscriptionCreateParams.class, body, this::createSubscription);
            case "GET /v1/subscriptions" -> checked(SubscriptionListParams.class, query, this::listSubscriptions);
            case "GET /v1/subscriptions/:id" ->
                checked(SubscriptionRetrieveParams.class, query, form -> found(json(subscriptions.get(last))));
            case "POST /v1/subscriptions/:id" ->
                checked(SubscriptionUpdateParams.class, body, form -> update(subscriptions.get(last), form));
            case "DELETE /v1/subscriptions/:id" ->
                checked(SubscriptionCancelParams.class, body, form -> cancel(subscriptions.get(last)));
            case "POST /v1/billing_portal/sessions" ->
                checked(
                        com.stripe.param.billingportal.SessionCreateParams.class,
                        body,
                        form -> Reply.json(
                                200,
                                JSON.createObjectNode()
                                        .put("id", id("bps"))
                                        .put("object", "billing_portal.session")
                                        .put("url", "https://billing.stripe.test/p/" + form.get("customer"))));
            case "POST /v1/billing/meter_events" -> checked(MeterEventCreateParams.class, body, meters::take);
            case "GET /v1/billing/meters" -> checked(MeterListParams.class, query, meters::list);
            case "GET /v1/billing/meters/:id/event_summaries" ->
                checked(MeterEventSummaryListParams.class, query, form -> meters.summary(path.split("/")[4], form));
            case "POST /v2/billing/meter_event_session" -> meters.session();
            case "GET /v2/core/events/:id" -> found(meters.report(last));
            default -> {
                complain("There is no " + kind);
                yield error(404, "invalid_request_error", "url_invalid", "Unrecognized request URL");
            }
        };
    }

    private interface Handler {
        Reply handle(Map<String, Object> form);
    }

    private Reply checked(Class<?> params, String text, Handler handler) {
        Map<String, Object> form = StripeParams.parse(text);
        List<String> problems = StripeParams.problems(params, form);
        if (!problems.isEmpty()) {
            problems.forEach(this::complain);
            return error(400, "invalid_request_error", "parameter_unknown", problems.toString());
        }
        return handler.handle(form);
    }

    static Reply error(int status, String type, String code, String message) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error").put("type", type).put("code", code).put("message", message);
        return Reply.json(status, root);
    }

    private static Reply found(ObjectNode node) {
        return node == null
                ? error(404, "invalid_request_error", "resource_missing", "No such object")
                : Reply.json(200, node);
    }

    static Reply list(List<ObjectNode> nodes) {
        ObjectNode root = JSON.createObjectNode().put("object", "list").put("has_more", false);
        ArrayNode data = root.putArray("data");
        nodes.forEach(data::add);
        return Reply.json(200, root);
    }

    private ObjectNode json(FakeSubscription subscription) {
        return subscription == null ? null : subscription.json();
    }

    // Customers

    private Reply searchCustomers(Map<String, Object> form) {
        String query = (String) form.get("query");
        String tenant = query.replaceAll("^metadata\\['mortise_tenant'\\]:'(.*)'$", "$1");
        List<ObjectNode> found = customers.entrySet().stream()
                .filter(one -> one.getValue().equals(tenant))
                .map(one -> customer(one.getKey()))
                .toList();
        ObjectNode root = JSON.createObjectNode().put("object", "search_result").put("has_more", false);
        ArrayNode data = root.putArray("data");
        found.forEach(data::add);
        return Reply.json(200, root);
    }

    private Reply createCustomer(Map<String, Object> form) {
        String id = id("cus");
        customers.put(id, String.valueOf(((Map<?, ?>) form.get("metadata")).get("mortise_tenant")));
        return Reply.json(200, customer(id));
    }

    private static ObjectNode customer(String id) {
        return JSON.createObjectNode().put("id", id).put("object", "customer").put("created", 1L);
    }

    boolean isCustomer(String id) {
        return customers.containsKey(id);
    }

    int customers() {
        return customers.size();
    }

    String customerOf(String tenant) {
        return customers.entrySet().stream()
                .filter(one -> one.getValue().equals(tenant))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    // Checkout

    private Reply createSession(Map<String, Object> form) {
        if (!customers.containsKey(String.valueOf(form.get("customer")))) {
            return error(400, "invalid_request_error", "resource_missing", "No such customer");
        }
        String id = id("cs");
        ObjectNode session = JSON.createObjectNode()
                .put("id", id)
                .put("object", "checkout.session")
                .put("livemode", false)
                .put("status", "open")
                .put("url", "https://checkout.stripe.test/c/" + id)
                .put("expires_at", now() + 86_400)
                .put("customer", (String) form.get("customer"));
        ObjectNode metadata = session.putObject("metadata");
        ((Map<?, ?>) form.get("metadata")).forEach((k, v) -> metadata.put((String) k, (String) v));
        session.set("form", JSON.valueToTree(form));
        sessions.put(id, session);
        return Reply.json(200, session);
    }

    private Reply expire(String id) {
        ObjectNode session = sessions.get(id);
        if (!session.path("status").asString("").equals("open")) {
            return error(400, "invalid_request_error", "", "Only open sessions can be expired");
        }
        session.put("status", "expired").putNull("url");
        return Reply.json(200, session);
    }

    /** The payer pays on the page. */
    FakeSubscription pay(java.net.URI page) {
        lock.lock();
        try {
            String id = page.getPath().substring(page.getPath().lastIndexOf('/') + 1);
            ObjectNode session = sessions.get(id);
            if (!session.path("status").asString("").equals("open")) {
                throw new AssertionError("The session is " + session.path("status"));
            }
            JsonNode data = session.path("form").path("subscription_data");
            FakeSubscription made = add(
                    session.path("customer").asString(),
                    strings(data.path("metadata")),
                    session.path("form").path("line_items").values().stream()
                            .map(line -> line.path("price").asString())
                            .toList(),
                    data.path("trial_period_days").asLong(0));
            session.put("status", "complete").put("subscription", made.id);
            event("checkout.session.completed", session);
            event("customer.subscription.created", made.json());
            return made;
        } finally {
            lock.unlock();
        }
    }

    // Subscriptions

    private static Map<String, String> strings(JsonNode node) {
        Map<String, String> all = new LinkedHashMap<>();
        node.properties().forEach(one -> all.put(one.getKey(), one.getValue().asString()));
        return all;
    }

    private FakeSubscription add(String customer, Map<String, String> metadata, List<String> prices, long trialDays) {
        FakeSubscription made = new FakeSubscription(id("sub"), customer, metadata, clock);
        prices.forEach(price -> made.items.put(id("si"), price));
        made.begin(trialDays);
        subscriptions.put(made.id, made);
        return made;
    }

    /** Somebody makes one in the dashboard. */
    FakeSubscription makeByHand(String customer, String price) {
        lock.lock();
        try {
            return add(customer, Map.of(), List.of(price), 0);
        } finally {
            lock.unlock();
        }
    }

    private Reply createSubscription(Map<String, Object> form) {
        if (!cardWorks && !form.containsKey("trial_period_days")) {
            return error(402, "card_error", "card_declined", "Your card was declined.");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        ((Map<?, ?>) form.get("metadata")).forEach((k, v) -> metadata.put((String) k, (String) v));
        List<String> prices = ((Map<?, ?>) form.get("items"))
                .values().stream()
                        .map(item -> String.valueOf(((Map<?, ?>) item).get("price")))
                        .toList();
        FakeSubscription made = add(
                (String) form.get("customer"),
                metadata,
                prices,
                Long.parseLong(String.valueOf(form.getOrDefault("trial_period_days", "0"))));
        event("customer.subscription.created", made.json());
        return Reply.json(200, made.json());
    }

    private Reply listSubscriptions(Map<String, Object> form) {
        List<FakeSubscription> all = new ArrayList<>(subscriptions.values());
        Object after = form.get("starting_after");
        if (after != null) {
            int at = all.indexOf(subscriptions.get(String.valueOf(after)));
            all = all.subList(at + 1, all.size());
        }
        return list(all.stream()
                .filter(one -> form.get("customer") == null || one.customer.equals(form.get("customer")))
                .filter(one -> "all".equals(form.get("status")) || !one.status.equals("canceled"))
                .map(FakeSubscription::json)
                .toList());
    }

    private Reply update(FakeSubscription subscription, Map<String, Object> form) {
        if (subscription.status.equals("canceled")) {
            return error(400, "invalid_request_error", "resource_missing", "A canceled subscription cannot be updated");
        }
        if ("true".equals(form.get("cancel_at_period_end"))) {
            subscription.cancelAtPeriodEnd = true;
        }
        if (form.get("items") instanceof Map<?, ?> items) {
            if ("always_invoice".equals(form.get("proration_behavior")) && !cardWorks) {
                return error(402, "card_error", "card_declined", "Your card was declined.");
            }
            for (Object one : items.values()) {
                Map<?, ?> item = (Map<?, ?>) one;
                String id = (String) item.get("id");
                if (id == null) {
                    subscription.items.put(id("si"), (String) item.get("price"));
                } else if ("true".equals(item.get("deleted"))) {
                    subscription.items.remove(id);
                } else {
                    subscription.items.put(id, (String) item.get("price"));
                }
            }
            subscription.changes++;
        }
        event("customer.subscription.updated", subscription.json());
        return Reply.json(200, subscription.json());
    }

    private Reply cancel(FakeSubscription subscription) {
        if (subscription.status.equals("canceled")) {
            return error(404, "invalid_request_error", "resource_missing", "No such subscription");
        }
        subscription.end();
        event("customer.subscription.deleted", subscription.json());
        return Reply.json(200, subscription.json());
    }

    FakeSubscription subscription(String id) {
        return Objects.requireNonNull(subscriptions.get(id), id);
    }

    List<FakeSubscription> all() {
        return List.copyOf(subscriptions.values());
    }

    /** Time goes by, and whatever is due becomes due. */
    void advance(Duration by) {
        lock.lock();
        try {
            clock.advance(by);
            for (FakeSubscription subscription : subscriptions.values()) {
                while (subscription.isDue()) {
                    event(subscription.renew(cardWorks), subscription.json());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** It ends, and nobody says so. */
    void cancelSilently(FakeSubscription subscription) {
        lock.lock();
        try {
            subscription.end();
        } finally {
            lock.unlock();
        }
    }

    /** The payer pays what is overdue. */
    void payOverdue(FakeSubscription subscription) {
        lock.lock();
        try {
            subscription.paid();
            ObjectNode invoice = JSON.createObjectNode().put("id", id("in")).put("object", "invoice");
            invoice.putObject("parent").putObject("subscription_details").put("subscription", subscription.id);
            event("invoice.paid", invoice);
        } finally {
            lock.unlock();
        }
    }

    // Events

    private void event(String type, ObjectNode object) {
        String id = id("evt");
        ObjectNode event = JSON.createObjectNode()
                .put("id", id)
                .put("object", "event")
                .put("api_version", "2020-08-27")
                .put("created", now())
                .put("livemode", false)
                .put("type", type);
        event.putObject("data").set("object", object.deepCopy());
        events.add(new Event(id, type, event.toString()));
    }

    /** As Stripe signs it; by the SDK's own code. */
    static Map<String, String> signed(String body, String secret, Instant at) {
        try {
            return Map.of(
                    "Stripe-Signature", Webhook.Signature.generateSignatureHeader(body, secret, at.getEpochSecond()));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
