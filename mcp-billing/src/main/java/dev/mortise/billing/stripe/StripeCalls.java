package dev.mortise.billing.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderUnavailable;
import java.util.Objects;

/** Calls of the SDK, with its exceptions sorted into "later" and "no". */
final class StripeCalls {
    private StripeCalls() {}

    @FunctionalInterface
    interface Request<T> {
        T send() throws StripeException;
    }

    static <T> T call(Request<T> request) {
        try {
            return request.send();
        } catch (ApiConnectionException e) {
            throw new ProviderUnavailable("Stripe cannot be reached", e);
        } catch (StripeException e) {
            if (isUnreadable(e)) {
                throw new ProviderUnavailable("Stripe gave an answer that cannot be read", e);
            }
            throw new ProviderRefused(
                    Objects.requireNonNullElse(e.getCode(), "status_" + e.getStatusCode()),
                    "Stripe refused: " + e.getMessage(),
                    e);
        }
    }

    private static boolean isUnreadable(StripeException e) {
        return e instanceof ApiException && (e.getStatusCode() == null || e.getStatusCode() < 400);
    }

    /** The same key at every attempt at the same thing. */
    static RequestOptions key(String id) {
        return RequestOptions.builder().setIdempotencyKey("mortise-" + id).build();
    }
}
