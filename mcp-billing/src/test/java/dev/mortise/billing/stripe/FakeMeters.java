package dev.mortise.billing.stripe;

import static dev.mortise.billing.stripe.FakeStripe.error;

import dev.mortise.billing.payment.FakeHttp.Reply;
import dev.mortise.billing.payment.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The meters of the fake Stripe: what is taken at once may be found wrong later, and is then thrown away. */
final class FakeMeters {
    static final String EVENT = "mortise_calls";
    private static final JsonMapper JSON = new JsonMapper();

    /** @param at seconds */
    record Taken(String event, String customer, long value, long at) {}

    private final FakeStripe stripe;
    private final ReentrantLock lock;
    private final TestClock clock;
    private final Map<String, ObjectNode> reports = new HashMap<>();
    private final Map<String, Instant> tokens = new HashMap<>();
    private final Map<String, Taken> taken = new LinkedHashMap<>();

    FakeMeters(FakeStripe stripe, ReentrantLock lock, TestClock clock) {
        this.stripe = stripe;
        this.lock = lock;
        this.clock = clock;
    }

    /** What it counts, by identifier. */
    Map<String, Taken> taken() {
        lock.lock();
        try {
            return new LinkedHashMap<>(taken);
        } finally {
            lock.unlock();
        }
    }

    long total() {
        return taken().values().stream().mapToLong(Taken::value).sum();
    }

    Reply take(Map<String, Object> form) {
        String identifier = String.valueOf(form.get("identifier"));
        if (taken.containsKey(identifier)) {
            return error(
                    400, "invalid_request_error", "", "An event already exists with identifier " + identifier + ".");
        }
        long timestamp = Long.parseLong(String.valueOf(form.get("timestamp")));
        if (timestamp < stripe.now() - 35 * 86_400L) {
            return error(400, "invalid_request_error", "timestamp_too_far_in_past", "Too old");
        }
        if (timestamp > stripe.now() + 300) {
            return error(400, "invalid_request_error", "timestamp_in_future", "Too early");
        }
        Map<?, ?> payload = (Map<?, ?>) form.get("payload");
        count(
                identifier,
                new Taken(
                        String.valueOf(form.get("event_name")),
                        String.valueOf(payload.get("stripe_customer_id")),
                        Long.parseLong(String.valueOf(payload.get("value"))),
                        timestamp));
        return Reply.json(
                200,
                JSON.createObjectNode().put("object", "billing.meter_event").put("identifier", identifier));
    }

    private void count(String identifier, Taken event) {
        taken.putIfAbsent(identifier, event);
    }

    /** One meter for each name that begins as ours do. */
    Reply list(Map<String, Object> form) {
        return FakeStripe.list(List.of(meter("mtr_1", EVENT), meter("mtr_2", "mortise_api_calls")));
    }

    private static ObjectNode meter(String id, String event) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", "billing.meter")
                .put("event_name", event);
    }

    Reply summary(String meter, Map<String, Object> form) {
        long from = Long.parseLong(String.valueOf(form.get("start_time")));
        long to = Long.parseLong(String.valueOf(form.get("end_time")));
        String event = meter.equals("mtr_1") ? EVENT : "mortise_api_calls";
        if (from % 60 != 0 || to % 60 != 0 || to <= from) {
            return error(400, "invalid_request_error", "parameter_invalid_integer", "Whole minutes, please");
        }
        long sum = taken.values().stream()
                .filter(one -> one.event().equals(event) && one.customer().equals(form.get("customer")))
                .filter(one -> one.at() >= from && one.at() < to)
                .mapToLong(Taken::value)
                .sum();
        return FakeStripe.list(List.of(JSON.createObjectNode()
                .put("id", "mtrusg_1")
                .put("object", "billing.meter_event_summary")
                .put("aggregated_value", sum)
                .put("start_time", from)
                .put("end_time", to)
                .put("meter", meter)));
    }

    Reply session() {
        String token = stripe.id("token");
        tokens.put(token, clock.instant().plus(Duration.ofMinutes(15)));
        return Reply.json(
                200,
                JSON.createObjectNode()
                        .put("id", stripe.id("mes"))
                        .put("object", "v2.billing.meter_event_session")
                        .put("livemode", false)
                        .put("authentication_token", token)
                        .put("created", clock.instant().toString())
                        .put("expires_at", tokens.get(token).toString()));
    }

    /** All sessions end before their time. */
    void endSessions() {
        lock.lock();
        try {
            tokens.clear();
        } finally {
            lock.unlock();
        }
    }

    Reply stream(String authorization, String body) {
        Instant end = tokens.get(String.valueOf(authorization).replace("Bearer ", ""));
        if (end == null || !clock.instant().isBefore(end)) {
            return error(401, "temporary_session_expired", "billing_meter_event_session_expired", "Expired");
        }
        JsonNode all = JSON.readTree(body).path("events");
        if (all.isEmpty() || all.size() > 100) {
            return error(400, "invalid_request", "invalid", "From 1 to 100 events");
        }
        for (JsonNode one : all) {
            if (one.path("payload").path("value").asLong() > 1_000_000) {
                return error(400, "invalid_request", "invalid_value", "One is too large");
            }
        }
        for (JsonNode one : all) {
            JsonNode payload = one.path("payload");
            count(
                    one.path("identifier").asString(),
                    new Taken(
                            one.path("event_name").asString(),
                            payload.path("stripe_customer_id").asString(),
                            payload.path("value").asLong(),
                            Instant.parse(one.path("timestamp").asString()).getEpochSecond()));
        }
        return Reply.json(200, JSON.createObjectNode());
    }

    /** Looks at what was taken, as Stripe does in the background: of a customer that it does not know it counts nothing. */
    void validate() {
        taken().forEach((identifier, one) -> {
            if (!stripe.isCustomer(one.customer())) {
                reject(identifier, "meter_event_customer_not_found", 1);
            } else if (!one.event().startsWith("mortise_")) {
                reject(identifier, "meter_event_no_active_meter", 1);
            }
        });
    }

    /** What was taken turns out to be wrong, and is thrown away. */
    void reject(String identifier, String code, long errors) {
        lock.lock();
        try {
            taken.remove(identifier);
            String id = stripe.id("evt");
            ObjectNode report = thin(id, "v1.billing.meter.error_report_triggered");
            ObjectNode reason = report.putObject("data").putObject("reason").put("error_count", errors);
            reason.putArray("error_types")
                    .addObject()
                    .put("code", code)
                    .put("error_count", errors)
                    .putArray("sample_errors")
                    .addObject()
                    .put("error_message", "…")
                    .putObject("request")
                    .put("identifier", identifier);
            reports.put(id, report);
            ObjectNode notification = thin(id, "v1.billing.meter.error_report_triggered");
            notification.putObject("related_object").put("id", "mtr_1").put("type", "billing.meter");
            stripe.events.add(new FakeStripe.Event(id, notification.path("type").asString(), notification.toString()));
        } finally {
            lock.unlock();
        }
    }

    ObjectNode report(String event) {
        return reports.get(event);
    }

    private ObjectNode thin(String id, String type) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", "v2.core.event")
                .put("type", type)
                .put("livemode", false)
                .put("created", clock.instant().atOffset(ZoneOffset.UTC).toString());
    }
}
