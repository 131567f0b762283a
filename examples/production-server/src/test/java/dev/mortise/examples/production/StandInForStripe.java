package dev.mortise.examples.production;

import com.google.gson.annotations.SerializedName;
import com.stripe.Stripe;
import com.stripe.net.Webhook;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionRetrieveParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.access.Form;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stripe as far as a checkout needs it, over real HTTP: what it is sent has to be what the SDK's own classes can say, and
 * its page is one on which a browser pays. It tells the server by signed webhooks, like the real one.
 */
final class StandInForStripe implements AutoCloseable {
    static final String KEY = "sk_test_standin";
    static final String SECRET = "whsec_standin";

    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Map<String, String> customers = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> sessions = new LinkedHashMap<>();
    private final Map<String, ObjectNode> subscriptions = new LinkedHashMap<>();
    private final Map<String, String> answered = new LinkedHashMap<>();
    private @Nullable URI webhook;
    private int count;

    StandInForStripe() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Where the server hears of what happens. */
    void tell(URI newWebhook) {
        webhook = newWebhook;
    }

    /** What was wrong with what it was sent. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    int checkouts() {
        return sessions.size();
    }

    /** One at a time: the server has one thread. */
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (path.startsWith("/c/")) {
                page(exchange, path.substring("/c/".length()));
                return;
            }
            if (path.equals("/favicon.ico")) {
                send(exchange, 404, "text/plain", "");
                return;
            }
            String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
            String method = exchange.getRequestMethod();
            String answer = answer(exchange, method + " " + path, method.equals("GET") ? query : body);
            send(exchange, answer.isEmpty() ? 400 : 200, "application/json", answer.isEmpty() ? "{}" : answer);
        } catch (RuntimeException e) {
            complaints.add(e.toString());
            throw e;
        }
    }

    private String answer(HttpExchange exchange, String what, String text) {
        require(
                ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization")),
                what + " without the key");
        require(
                Stripe.API_VERSION.equals(exchange.getRequestHeaders().getFirst("Stripe-Version")),
                what + " in another version");
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String once = key + "\n" + what + "\n" + text;
        if (key != null && answered.containsKey(once)) {
            return answered.get(once);
        }
        String answer = route(what, Form.parse(text));
        if (key != null) {
            answered.put(once, answer);
        }
        return answer;
    }

    private String route(String what, Map<String, String> form) {
        String last = what.substring(what.lastIndexOf('/') + 1);
        return switch (what.replaceFirst("/(cus|cs|sub)_\\d+$", "/:id")) {
            case "GET /v1/customers/search" -> {
                check(CustomerSearchParams.class, form);
                yield list(customers.keySet().stream()
                        .filter(id -> form.get("query").contains("'" + customers.get(id) + "'"))
                        .map(id -> Json.object().put("id", id).put("object", "customer")));
            }
            case "POST /v1/customers" -> {
                check(CustomerCreateParams.class, form);
                String id = id("cus");
                customers.put(id, form.get("metadata[mortise_tenant]"));
                yield Json.object().put("id", id).put("object", "customer").toString();
            }
            case "POST /v1/checkout/sessions" -> {
                check(SessionCreateParams.class, form);
                String id = id("cs");
                sessions.put(id, new LinkedHashMap<>(form));
                yield session(id).toString();
            }
            case "GET /v1/checkout/sessions" -> {
                check(SessionListParams.class, form);
                yield list(sessions.keySet().stream().map(this::session));
            }
            case "GET /v1/checkout/sessions/:id" -> {
                check(SessionRetrieveParams.class, form);
                yield session(last).toString();
            }
            case "GET /v1/subscriptions" -> {
                check(SubscriptionListParams.class, form);
                yield list(subscriptions.values().stream());
            }
            case "GET /v1/subscriptions/:id" -> {
                check(SubscriptionRetrieveParams.class, form);
                yield Objects.requireNonNull(subscriptions.get(last)).toString();
            }
            default -> {
                complaints.add("There is no " + what);
                yield "";
            }
        };
    }

    private void require(boolean right, String complaint) {
        if (!right) {
            complaints.add(complaint);
        }
    }

    private void check(Class<?> params, Map<String, String> form) {
        form.keySet().forEach(name -> require(canSay(params, name), params.getSimpleName() + " knows no " + name));
    }

    /** Whether the SDK's class for a request has a field at {@code a[b][0][c]}. */
    private static boolean canSay(Class<?> params, String name) {
        Type at = params;
        for (String part : name.replace("]", "").split("\\[", -1)) {
            if (at instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
                return true;
            } else if (at instanceof ParameterizedType generic) {
                at = generic.getActualTypeArguments()[0];
            } else if (at instanceof Class<?> type && type.getName().startsWith("com.stripe.")) {
                Optional<Field> field = Stream.of(type.getDeclaredFields())
                        .filter(each -> each.isAnnotationPresent(SerializedName.class))
                        .filter(each ->
                                each.getAnnotation(SerializedName.class).value().equals(part))
                        .findFirst();
                if (field.isEmpty()) {
                    return false;
                }
                at = field.get().getGenericType();
            } else {
                // What may be of several types, such as metadata that is emptied.
                return at == Object.class;
            }
        }
        return true;
    }

    private String id(String kind) {
        return kind + "_" + String.format("%06d", ++count);
    }

    private static String list(Stream<ObjectNode> all) {
        ObjectNode list = Json.object().put("object", "list").put("has_more", false);
        ArrayNode data = list.putArray("data");
        all.forEach(data::add);
        return list.toString();
    }

    private ObjectNode session(String id) {
        Map<String, String> form = Objects.requireNonNull(sessions.get(id));
        ObjectNode session = Json.object()
                .put("id", id)
                .put("object", "checkout.session")
                .put("livemode", false)
                .put("customer", form.get("customer"))
                .put("expires_at", Instant.now().getEpochSecond() + 86_400);
        String paid = form.get("paid");
        if (paid == null) {
            session.put("status", "open").put("url", url() + "/c/" + id);
        } else {
            session.put("status", "complete").put("subscription", paid);
        }
        metadata(session, form, "metadata");
        return session;
    }

    private static void metadata(ObjectNode object, Map<String, String> form, String prefix) {
        ObjectNode metadata = object.putObject("metadata");
        form.forEach((name, value) -> {
            if (name.startsWith(prefix + "[")) {
                metadata.put(name.substring(prefix.length() + 1, name.length() - 1), value);
            }
        });
    }

    /** The page of a checkout: a button that pays. */
    private void page(HttpExchange exchange, String id) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            String page =
                    "<!doctype html><title>Checkout</title><h1>Checkout</h1><form method=post><button>Pay</button></form>";
            send(exchange, 200, "text/html; charset=utf-8", page);
            return;
        }
        Map<String, String> form = Objects.requireNonNull(sessions.get(id));
        ObjectNode subscription = pay(form);
        form.put("paid", subscription.path("id").stringValue());
        // After the answer, since who is told asks for what it is told of.
        exchange.getResponseHeaders().add("Location", form.get("success_url"));
        send(exchange, 303, "text/plain", "");
        List<String> events = new ArrayList<>();
        events.add(event("checkout.session.completed", session(id)));
        events.add(event("customer.subscription.created", subscription));
        Thread.ofVirtual().start(() -> events.forEach(this::send));
    }

    private ObjectNode pay(Map<String, String> form) {
        Instant now = Instant.now();
        Instant end = now.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
        String id = id("sub");
        ObjectNode made = Json.object()
                .put("id", id)
                .put("object", "subscription")
                .put("customer", form.get("customer"))
                .put("status", "active")
                .put("livemode", false)
                .put("currency", "usd")
                .put("created", now.getEpochSecond())
                .put("cancel_at_period_end", false);
        metadata(made, form, "subscription_data[metadata]");
        ObjectNode item = made.putObject("items")
                .put("object", "list")
                .putArray("data")
                .addObject()
                .put("id", id("si"))
                .put("object", "subscription_item")
                .put("current_period_start", now.getEpochSecond())
                .put("current_period_end", end.getEpochSecond());
        item.putObject("price")
                .put("id", form.get("line_items[0][price]"))
                .put("object", "price")
                .putObject("recurring")
                .put("interval", "month")
                .put("usage_type", "licensed");
        subscriptions.put(id, made);
        return made;
    }

    private String event(String type, ObjectNode object) {
        ObjectNode event = Json.object()
                .put("id", id("evt"))
                .put("object", "event")
                .put("api_version", Stripe.API_VERSION)
                .put("created", Instant.now().getEpochSecond())
                .put("livemode", false)
                .put("type", type);
        event.putObject("data").set("object", object);
        return event.toString();
    }

    private void send(String event) {
        try {
            String signature = Webhook.Signature.generateSignatureHeader(
                    event, SECRET, Instant.now().getEpochSecond());
            int status = http.send(
                            HttpRequest.newBuilder(Objects.requireNonNull(webhook))
                                    .header("Content-Type", "application/json")
                                    .header("Stripe-Signature", signature)
                                    .POST(HttpRequest.BodyPublishers.ofString(event))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            require(status == 200, "A webhook was answered with " + status);
        } catch (Exception e) {
            complaints.add("A webhook could not be delivered: " + e);
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        http.close();
    }
}
