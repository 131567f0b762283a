package dev.mortise.security.internal.net;

import dev.mortise.mcp.http.BoundedBody;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Every request to an authorization server goes through here: guarded, bounded in time and size, no redirects.
 *
 * @param deadline for one request, from the connection to the last byte
 */
public record Fetcher(HttpClient client, Duration deadline) {
    private static final int MAX_BODY = 256 * 1024;

    /** The client of all that were given none: its threads live with the process. */
    private static final class Shared {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    public Fetcher {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("A client for authorization servers follows no redirects");
        }
    }

    public static Fetcher standard() {
        return new Fetcher(Shared.CLIENT, Duration.ofSeconds(5));
    }

    /** An answer. The array is its reader's. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, HttpHeaders headers, byte[] body) {}

    /** @throws IOException if there is no whole answer in time, or its address is not one to fetch from */
    public Answer get(URI url) throws IOException {
        return send(HttpRequest.newBuilder(url).GET(), url);
    }

    /** As {@link #get}, with a form. */
    public Answer post(URI url, String form, Map<String, String> fields) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        fields.forEach(request::header);
        return send(request, url);
    }

    private Answer send(HttpRequest.Builder builder, URI url) throws IOException {
        AddressGuard.check(url);
        HttpRequest request =
                builder.header("Accept", "application/json").timeout(deadline).build();
        CompletableFuture<HttpResponse<byte[]>> sending = client.sendAsync(request, BoundedBody.upTo(MAX_BODY));
        try {
            HttpResponse<byte[]> response = sending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (ExecutionException e) {
            throw new IOException("No answer from " + url.getHost(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("No whole answer from " + url.getHost() + " in " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for " + url.getHost());
        } finally {
            sending.cancel(true);
        }
    }
}
