package dev.mortise.billing.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import dev.mortise.billing.payment.ProviderUnavailable;
import dev.mortise.billing.payment.internal.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/**
 * The SDK's requests over the JDK's client: bounded in time as a whole and in size, without telemetry, and with what Stripe
 * says of when to come back, which the SDK's exceptions have no place for.
 */
final class StripeHttp extends HttpClient {
    private final BoundedHttp http;

    StripeHttp(BoundedHttp http) {
        this.http = http;
    }

    @Override
    public StripeResponse request(StripeRequest request) throws StripeException {
        BoundedHttp.Answer answer;
        try {
            answer = http.send(converted(request));
        } catch (IOException | URISyntaxException e) {
            throw new ApiConnectionException("No answer from Stripe: " + e.getMessage(), e);
        }
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        if (isTemporary(answer.status(), body)) {
            throw new ProviderUnavailable("Stripe answered " + answer.status(), answer.retryAfter(), null);
        }
        return new StripeResponse(
                answer.status(), HttpHeaders.of(answer.headers().map()), body);
    }

    /** A key that is refused is being rotated, or is wrong: nothing that an operation should end by. */
    private static boolean isTemporary(int status, String body) {
        return status == 429
                || status == 409
                || status >= 500
                || status == 403
                || (status == 401 && !body.contains("temporary_session_expired"));
    }

    private static HttpRequest converted(StripeRequest request) throws URISyntaxException {
        URI uri = request.url().toURI();
        HttpRequest.BodyPublisher body = request.content() == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(request.content().byteArrayContent());
        HttpRequest.Builder converted =
                HttpRequest.newBuilder(uri).method(request.method().name(), body);
        request.headers().map().forEach((name, values) -> values.forEach(value -> converted.header(name, value)));
        if (request.content() != null) {
            converted.setHeader("Content-Type", request.content().contentType());
        }
        return converted.setHeader("User-Agent", "Mortise").build();
    }
}
