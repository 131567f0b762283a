package dev.mortise.mcp.internal.client.http;

import dev.mortise.mcp.client.AuthorizationRequiredException;
import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests to one server, with its credential, and follows no redirect that leads elsewhere. Thread-safe.
 */
public final class HttpSender implements AutoCloseable {
    private static final int MAX_REDIRECTS = 3;
    private static final int MAX_ERROR_BYTES = 64 * 1024;

    /** Told when a person is busy with signing in. */
    interface Waiting {
        void hold();

        void release();
    }

    static final Waiting NOBODY = new Waiting() {
        @Override
        public void hold() {}

        @Override
        public void release() {}
    };

    private final HttpEndpoint endpoint;
    private final HttpLimits limits;
    private final HttpClient client;
    private final boolean own;

    public HttpSender(HttpEndpoint endpoint, HttpLimits limits) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.own = endpoint.httpClient() == null;
        this.client = endpoint.httpClient() != null
                ? endpoint.httpClient()
                : HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(limits.connectTimeout())
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    HttpLimits limits() {
        return limits;
    }

    URI uri() {
        return endpoint.uri();
    }

    String label() {
        return endpoint.label();
    }

    /**
     * Sends a request, again where the authorization has found a better credential, and to the same server where it
     * redirects. Blocks until the head of the answer is there.
     *
     * @throws McpException if there is no answer, or no credential
     */
    HttpAnswer send(
            String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Flight flight, Waiting waiting)
            throws InterruptedException {
        URI target = uri;
        int redirects = 0;
        for (int sendings = 1; ; sendings++) {
            var request = new HttpAuthorization.Request(method, withoutFragment(target));
            Map<String, String> credential = credential(request, waiting);
            HttpAnswer answer = sendOnce(request, headers, credential, body, flight);
            if (verdict(request, credential, answer, waiting) == HttpAuthorization.Verdict.SEND_AGAIN
                    && sendings < HttpAuthorization.MAX_SENDINGS) {
                answer.close();
            } else if ((answer.status() == 307 || answer.status() == 308) && redirects++ < MAX_REDIRECTS) {
                answer.close();
                target = redirected(target, answer);
            } else {
                return answer;
            }
        }
    }

    private HttpAnswer sendOnce(
            HttpAuthorization.Request request,
            Map<String, String> headers,
            Map<String, String> credential,
            byte @Nullable [] body,
            Flight flight)
            throws InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.target())
                // Not HTTP/2 without TLS: the upgrade that it begins with is more than many servers bear.
                .version(
                        "https".equalsIgnoreCase(request.target().getScheme())
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .method(
                        request.method(),
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        endpoint.headers().forEach(builder::setHeader);
        headers.forEach(builder::setHeader);
        credential.forEach(builder::setHeader);
        CompletableFuture<HttpResponse<InputStream>> sending =
                client.sendAsync(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
        flight.sending(sending);
        try {
            HttpResponse<InputStream> response = sending.get();
            return flight.answered(new HttpAnswer(response.statusCode(), response.headers(), response.body()));
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        }
    }

    private McpException unreachable(@Nullable Throwable cause) {
        if (cause instanceof CancellationException cancelled) {
            throw cancelled;
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return new TransportException(
                    label() + " cannot be reached within " + limits.connectTimeout() + "; is the address right?",
                    cause);
        }
        if (cause instanceof ConnectException) {
            return new TransportException(label() + " does not accept connections; is the server running?", cause);
        }
        return new TransportException(
                "The exchange with " + label() + " broke off: " + (cause == null ? "?" : cause.getMessage()), cause);
    }

    private Map<String, String> credential(HttpAuthorization.Request request, Waiting waiting) {
        waiting.hold();
        try {
            return endpoint.authorization().fields(request);
        } catch (IOException e) {
            throw new AuthorizationRequiredException(
                    "No credential for " + label() + ": " + e.getMessage(), 0, List.of(), e);
        } finally {
            waiting.release();
        }
    }

    private HttpAuthorization.Verdict verdict(
            HttpAuthorization.Request request, Map<String, String> credential, HttpAnswer answer, Waiting waiting) {
        waiting.hold();
        try {
            return endpoint.authorization().answered(request, credential, answer.status(), answer.headers()::allValues);
        } catch (IOException e) {
            answer.close();
            throw new AuthorizationRequiredException(
                    label() + " asks for a credential that cannot be had: " + e.getMessage(),
                    answer.status(),
                    answer.headers().allValues("www-authenticate"),
                    e);
        } finally {
            waiting.release();
        }
    }

    private URI redirected(URI from, HttpAnswer answer) {
        String location = answer.header("location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new TransportException(label() + " redirects to what is no URL", answer.status(), e);
        }
        if (!isSameOrigin(from, to)) {
            throw new TransportException(
                    label() + " redirects to another origin, " + Excerpt.of(String.valueOf(to.getHost()), 100)
                            + "; that is not followed: if the server has moved, connect to its new URL",
                    answer.status(),
                    null);
        }
        return to;
    }

    static boolean isSameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    private static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }

    /** What an answer means that is not a good one. Reads its body. */
    McpException refusal(String method, HttpAnswer answer) throws IOException {
        byte[] body = answer.beginning(MAX_ERROR_BYTES);
        Optional<Message.Failure> failure = failure(body);
        int status = answer.status();
        if (status == 401 || status == 403) {
            String reason = failure.map(error -> ": " + Excerpt.of(error.error().message(), 300))
                    .orElse("");
            return new AuthorizationRequiredException(
                    label() + (status == 401 ? " wants a credential" : " does not allow this") + " (" + status + ")"
                            + reason + "; HttpEndpoint.authorization gives requests one",
                    status,
                    answer.headers().allValues("www-authenticate"),
                    null);
        }
        if (failure.isPresent()) {
            return new RpcException(method, failure.get().error(), status);
        }
        String text = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
        return new TransportException(
                label() + " answered " + method + " with status " + status
                        + (text.isBlank() ? "" : ": " + Excerpt.of(text.strip(), 200)),
                status,
                null);
    }

    private static Optional<Message.Failure> failure(byte[] body) {
        return MessageCodec.decode(body) instanceof MessageCodec.Decoded.Ok(Message.Failure failure)
                ? Optional.of(failure)
                : Optional.empty();
    }

    @Override
    public void close() {
        if (own) {
            client.shutdownNow();
        }
    }
}
