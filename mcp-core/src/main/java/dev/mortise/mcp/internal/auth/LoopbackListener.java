package dev.mortise.mcp.internal.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.Redirect;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Listens on 127.0.0.1 for one authorization response. What has another path or state gets a 404 and is forgotten. */
public final class LoopbackListener implements Redirect.Pending {
    private static final int BACKLOG = 16;
    private static final int MAX_PARAMETERS = 32;
    private static final String PAGE = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Done</title>
            <p>That was all that is needed here. You can close this page and go back to the application.</p></html>
            """;

    private final HttpServer server;
    private final ExecutorService threads;
    private final String path;
    private final byte[] state;
    private final CompletableFuture<Map<String, String>> response = new CompletableFuture<>();

    private LoopbackListener(HttpServer server, ExecutorService threads, String path, String state) {
        this.server = server;
        this.threads = threads;
        this.path = path;
        this.state = state.getBytes(StandardCharsets.UTF_8);
    }

    /** @param port 0 for one that is free */
    public static LoopbackListener open(int port, String path, String state) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        LoopbackListener listener = new LoopbackListener(server, threads, path, state);
        server.setExecutor(threads);
        server.createContext("/", listener::handle);
        server.start();
        return listener;
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public Map<String, String> await(Duration patience) throws IOException, InterruptedException {
        try {
            return response.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AuthorizationException(
                    Reason.TIMEOUT, "The user did not come back from the browser in " + patience);
        } catch (ExecutionException e) {
            throw new AuthorizationException(
                    Reason.RESPONSE, "The authorization response has a parameter twice, or too many");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI called = exchange.getRequestURI();
        boolean here =
                exchange.getRequestMethod().equals("GET") && path.equals(called.getRawPath()) && !response.isDone();
        Query query = here ? Query.parse(called.getRawQuery()) : new Query(Map.of(), true);
        boolean ours = here && isState(query.values.getOrDefault("state", ""));
        try (exchange) {
            if (ours) {
                answer(exchange);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        } finally {
            // After the page, because it ends the server.
            if (ours && query.valid) {
                response.complete(query.values);
            } else if (ours) {
                response.completeExceptionally(new IllegalArgumentException());
            }
        }
    }

    private boolean isState(String given) {
        return MessageDigest.isEqual(state, given.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'");
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(200, page.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(page);
        }
    }

    /** @param valid whether no parameter came twice (RFC 6749 section 3.1) */
    private record Query(Map<String, String> values, boolean valid) {
        static Query parse(String raw) {
            Map<String, String> values = new HashMap<>();
            boolean valid = true;
            for (String pair : (raw == null ? "" : raw).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && values.size() < MAX_PARAMETERS) {
                    String name = decode(pair.substring(0, equals));
                    valid &= values.putIfAbsent(name, decode(pair.substring(equals + 1))) == null;
                } else {
                    valid &= pair.isEmpty();
                }
            }
            return new Query(Map.copyOf(values), valid);
        }

        private static String decode(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
    }

    @Override
    public String toString() {
        return "LoopbackListener[" + uri() + "]";
    }
}
