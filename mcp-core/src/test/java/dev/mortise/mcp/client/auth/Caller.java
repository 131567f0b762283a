package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.client.HttpAuthorization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends requests as a transport does, and follows links as the browser of a user who agrees to everything. */
final class Caller {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    private final URI url;
    private final HttpAuthorization authorization;

    Caller(URI url, HttpAuthorization authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    /** The status of the answer that stands. */
    int call(String method) throws IOException {
        HttpAuthorization.Request request = new HttpAuthorization.Request("POST", url);
        for (int sending = 0; sending < HttpAuthorization.MAX_SENDINGS; sending++) {
            Map<String, String> sent = authorization.fields(request);
            HttpRequest.Builder builder = HttpRequest.newBuilder(url)
                    .header("Mcp-Method", method)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            sent.forEach(builder::header);
            HttpResponse<Void> response = send(builder.build());
            if (authorization.answered(request, sent, response.statusCode(), response.headers()::allValues)
                    == HttpAuthorization.Verdict.ACCEPT) {
                return response.statusCode();
            }
        }
        throw new IOException("sent too often");
    }

    /** A browser that counts how often it was opened. */
    static Browser obliging(AtomicInteger opened) {
        return page -> {
            opened.incrementAndGet();
            send(HttpRequest.newBuilder(page).build());
        };
    }

    static HttpResponse<Void> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
