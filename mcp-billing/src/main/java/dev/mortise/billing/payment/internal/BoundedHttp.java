package dev.mortise.billing.payment.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

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
        CompletableFuture<HttpResponse<byte[]>> sending = client.sendAsync(request, response -> new Collected());
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

    /** A body, up to the bound. */
    private static final class Collected implements BodySubscriber<byte[]> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private Flow.@Nullable Subscription source;

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + buffer.remaining() > MAX_BODY) {
                    if (source != null) {
                        source.cancel();
                    }
                    whole.completeExceptionally(new IOException("More than " + MAX_BODY + " bytes"));
                    return;
                }
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }
        }

        @Override
        public void onError(Throwable cause) {
            whole.completeExceptionally(cause);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}
