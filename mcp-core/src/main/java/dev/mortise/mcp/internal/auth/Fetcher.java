package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Every request of authorization goes through here: guarded, bounded in time and size, without following redirects to
 * another origin.
 *
 * @param deadline for one request, from the connection to the last byte
 */
record Fetcher(HttpClient client, UrlGuard guard, Duration deadline) {
    private static final int MAX_BODY = 256 * 1024;
    private static final int MAX_REDIRECTS = 3;

    /** @param document the body, where it is a JSON object */
    record Answer(int status, HttpHeaders headers, Optional<Document> document) {
        boolean isOk() {
            return status == 200 || status == 201;
        }

        /** Whether the server itself failed, which says nothing about what it was asked. */
        boolean isFailure() {
            return status >= 500 || status == 408 || status == 429;
        }
    }

    /**
     * Fetches a document.
     *
     * @param server the server that named the URL, directly or through its authorization server
     */
    Answer get(URI url, URI server) throws IOException {
        URI at = url;
        for (int redirects = 0; ; redirects++) {
            guard.check(at, server);
            Answer answer = send(HttpRequest.newBuilder(at).GET(), at);
            Optional<URI> next = redirect(at, answer);
            if (next.isEmpty() || redirects == MAX_REDIRECTS) {
                return answer;
            }
            at = next.get();
        }
    }

    /** Posts secrets or registrations; no redirect is followed. */
    Answer post(URI url, URI server, String contentType, byte[] body, Map<String, String> fields) throws IOException {
        guard.check(url, server);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        fields.forEach(request::header);
        return send(request, url);
    }

    private static Optional<URI> redirect(URI from, Answer answer) {
        return switch (answer.status) {
            case 301, 302, 303, 307, 308 ->
                answer.headers
                        .firstValue("Location")
                        .flatMap(Uris::parse)
                        .map(from::resolve)
                        .filter(to -> Uris.sameOrigin(from, to));
            default -> Optional.empty();
        };
    }

    private Answer send(HttpRequest.Builder builder, URI url) throws IOException {
        HttpRequest request =
                builder.header("Accept", "application/json").timeout(deadline).build();
        CompletableFuture<HttpResponse<byte[]>> sending = client.sendAsync(request, BoundedBody.upTo(MAX_BODY));
        try {
            HttpResponse<byte[]> response = sending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers(), Document.read(response.body()));
        } catch (ExecutionException e) {
            throw new AuthorizationException(
                    Reason.UNAVAILABLE, "No answer from " + Uris.withoutQuery(url), e.getCause());
        } catch (TimeoutException e) {
            throw new AuthorizationException(
                    Reason.UNAVAILABLE, "No whole answer from " + Uris.withoutQuery(url) + " in " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for " + Uris.withoutQuery(url));
        } finally {
            sending.cancel(true);
        }
    }
}
