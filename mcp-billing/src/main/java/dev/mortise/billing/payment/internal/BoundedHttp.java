package dev.mortise.billing.payment.internal;

import dev.mortise.mcp.http.BoundedBody;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a request and waits for the whole answer, for a bounded time and size. No redirects: nobody sends credentials on.
 *
 * @param deadline from the connection to the last byte
 */
public record BoundedHttp(HttpClient client, Duration deadline) {
    private static final int MAX_BODY = 4 * 1024 * 1024;

    /** The client of all: its threads live with the process. */
    private static final class Shared {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    public static BoundedHttp standard(Duration deadline) {
        return new BoundedHttp(Shared.CLIENT, deadline);
    }

    /** An answer. The array is its reader's. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        /** For how long the server wants to be left alone: an hour at most, zero if it does not say in seconds. */
        public Duration retryAfter() {
            return headers.firstValue("Retry-After")
                    .filter(value -> value.matches("[0-9]{1,6}"))
                    .map(value -> Duration.ofSeconds(Math.min(3600, Long.parseLong(value))))
                    .orElse(Duration.ZERO);
        }
    }

    /** @throws IOException if there is no whole answer in time */
    public Answer send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sending = client.sendAsync(request, BoundedBody.upTo(MAX_BODY));
        try {
            HttpResponse<byte[]> response = sending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (ExecutionException e) {
            throw new IOException("No answer from " + request.uri().getHost(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("No whole answer from " + request.uri().getHost() + " in " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "Interrupted while waiting for " + request.uri().getHost());
        } finally {
            sending.cancel(true);
        }
    }
}
