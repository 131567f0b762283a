package dev.mortise.billing.paypal;

import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderUnavailable;
import dev.mortise.billing.payment.internal.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests to PayPal's REST API, with a token that is kept for as long as it lives. Thread-safe. */
final class PayPalApi {
    static final JsonMapper JSON = new JsonMapper();
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final URI server;
    private final String credentials;
    private final BoundedHttp http;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Token token;

    private record Token(String value, Instant end) {}

    PayPalApi(URI server, String clientId, String clientSecret, BoundedHttp http, Clock clock) {
        this.server = server;
        this.credentials =
                Base64.getEncoder().encodeToString((clientId + ':' + clientSecret).getBytes(StandardCharsets.UTF_8));
        this.http = http;
        this.clock = clock;
    }

    /** @return empty if there is nothing at the path */
    Optional<JsonNode> get(String path) {
        BoundedHttp.Answer answer =
                authorized(HttpRequest.newBuilder(server.resolve(path)).GET());
        return answer.status() == 404 ? Optional.empty() : Optional.of(checked(answer));
    }

    /** @param requestId what PayPal knows this request by for three days; {@code null} where it has no use for one */
    JsonNode post(String path, ObjectNode body, @Nullable String requestId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .header("Prefer", "return=representation")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (requestId != null) {
            request.header("PayPal-Request-Id", requestId);
        }
        return checked(authorized(request));
    }

    /** A token may be taken back before its time: then once again with a new one. */
    private BoundedHttp.Answer authorized(HttpRequest.Builder request) {
        request.setHeader("Accept", "application/json");
        String first = token("");
        BoundedHttp.Answer answer =
                send(request.setHeader("Authorization", "Bearer " + first).build());
        if (answer.status() != 401) {
            return answer;
        }
        String second = token(first);
        return send(request.setHeader("Authorization", "Bearer " + second).build());
    }

    private BoundedHttp.Answer send(HttpRequest request) {
        try {
            return http.send(request);
        } catch (IOException e) {
            throw new ProviderUnavailable("PayPal cannot be reached", e);
        }
    }

    private static JsonNode checked(BoundedHttp.Answer answer) {
        int status = answer.status();
        if (status == 401 || status == 403 || status == 409 || status == 429 || status >= 500) {
            throw new ProviderUnavailable("PayPal answered " + status, answer.retryAfter(), null);
        }
        JsonNode body = parse(answer.body());
        if (status >= 200 && status < 300) {
            return body;
        }
        String name = body.path("name").asString("status_" + status);
        String issue = body.path("details").path(0).path("issue").asString(name);
        throw new ProviderRefused(
                issue,
                "PayPal refused with " + status + " " + name + ", debug id "
                        + body.path("debug_id").asString("none"));
    }

    private static JsonNode parse(byte[] body) {
        if (body.length == 0) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw new ProviderUnavailable("PayPal gave an answer that cannot be read", e);
        }
    }

    /**
     * The token that is known, unless it is over or the one that was refused. One thread at a time asks for a new one.
     *
     * @param refused the value of the refused one; empty if there is none
     */
    private String token(String refused) {
        Optional<String> known = good(refused);
        if (known.isPresent()) {
            return known.get();
        }
        lock.lock();
        try {
            return good(refused).orElseGet(this::newToken);
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> good(String refused) {
        return Optional.ofNullable(token)
                .filter(known -> !known.value().equals(refused))
                .filter(known -> clock.instant().isBefore(known.end()))
                .map(Token::value);
    }

    private String newToken() {
        Instant asked = clock.instant();
        BoundedHttp.Answer answer = send(HttpRequest.newBuilder(server.resolve("/v1/oauth2/token"))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build());
        JsonNode body = checked(answer);
        String value = body.path("access_token").asString("");
        long seconds = body.path("expires_in").asLong(0);
        if (value.isEmpty() || seconds <= 0) {
            throw new ProviderUnavailable("PayPal gave a token that cannot be used", null);
        }
        Duration life = Duration.ofSeconds(Math.min(seconds, 86_400));
        Duration margin = life.compareTo(MARGIN.multipliedBy(2)) > 0 ? MARGIN : life.dividedBy(2);
        token = new Token(value, asked.plus(life).minus(margin));
        return value;
    }
}
