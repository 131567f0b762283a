package dev.mortise.security.token;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/**
 * The side of an authorization server that resource servers see: a key set, metadata, introspection, token exchange.
 * It answers nothing that is not asked exactly right, and notes what was wrong.
 */
public final class FakeIssuer implements AutoCloseable {
    public static final String CLIENT = "mcp server";
    public static final String SECRET = "s3cret:+/ä";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final Queue<String> violations = new ConcurrentLinkedQueue<>();
    final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    /** By {@code kid}. */
    final Map<String, ObjectNode> keys = new ConcurrentHashMap<>();
    /** What introspection says of tokens. */
    final Map<String, ObjectNode> tokens = new ConcurrentHashMap<>();

    final List<Map<String, String>> exchanges = new java.util.concurrent.CopyOnWriteArrayList<>();
    volatile boolean down;
    volatile String cacheControl = "";
    volatile byte[] keySet;
    volatile int keySetStatus = 200;
    volatile ObjectNode metadata;
    volatile ObjectNode exchangeAnswer;
    volatile int exchangeStatus = 200;
    volatile CountDownLatch gate = new CountDownLatch(0);

    public FakeIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String id() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public URI url(String path) {
        return URI.create(id() + path);
    }

    public void publish(String kid, KeyPair pair) {
        keys.put(kid, Jose.jwk(pair.getPublic()).put("kid", kid).put("use", "sig"));
    }

    /** What introspection says of a token from now on. */
    public void answer(String token, ObjectNode answer) {
        tokens.put(token, answer);
    }

    int calls(String path) {
        return calls.getOrDefault(path, new AtomicInteger()).get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        calls.computeIfAbsent(path, ignored -> new AtomicInteger()).incrementAndGet();
        try (exchange) {
            gate.await(10, TimeUnit.SECONDS);
            if (down) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            switch (path) {
                case "/jwks" -> keySet(exchange);
                case "/elsewhere" -> {
                    exchange.getResponseHeaders().set("Location", id() + "/jwks");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/introspect" -> introspect(exchange);
                case "/token" -> exchange(exchange);
                case "/.well-known/openid-configuration" -> {
                    if (metadata == null) {
                        exchange.sendResponseHeaders(404, -1);
                    } else {
                        json(exchange, 200, metadata);
                    }
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            violations.add("broke: " + e);
            throw e;
        }
    }

    private void keySet(HttpExchange exchange) throws IOException {
        if (!cacheControl.isEmpty()) {
            exchange.getResponseHeaders().set("Cache-Control", cacheControl);
        }
        byte[] own = keySet;
        if (own != null) {
            exchange.sendResponseHeaders(keySetStatus, own.length);
            exchange.getResponseBody().write(own);
            return;
        }
        ObjectNode set = Json.object();
        keys.values().forEach(set.putArray("keys")::add);
        json(exchange, keySetStatus, set);
    }

    private void introspect(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        if (!isAuthentic(exchange)) {
            json(exchange, 401, Json.object().put("error", "invalid_client"));
            return;
        }
        if (!form.keySet().equals(java.util.Set.of("token", "token_type_hint"))) {
            violations.add("introspection with " + form.keySet());
        }
        json(exchange, 200, tokens.getOrDefault(form.get("token"), Json.object().put("active", false)));
    }

    private void exchange(HttpExchange exchange) throws IOException {
        exchanges.add(form(exchange));
        if (!isAuthentic(exchange)) {
            json(exchange, 401, Json.object().put("error", "invalid_client"));
            return;
        }
        ObjectNode answer = exchangeAnswer;
        json(
                exchange,
                exchangeStatus,
                answer != null
                        ? answer
                        : Json.object()
                                .put("access_token", "downstream-" + exchanges.size())
                                .put("issued_token_type", "urn:ietf:params:oauth:token-type:access_token")
                                .put("token_type", "Bearer")
                                .put("expires_in", 300));
    }

    /** RFC 6749 section 2.3.1: both are encoded as in a form before. */
    private boolean isAuthentic(HttpExchange exchange) {
        String field = exchange.getRequestHeaders().getFirst("Authorization");
        if (field == null || !field.startsWith("Basic ")) {
            violations.add("no client authentication");
            return false;
        }
        String[] pair = new String(Base64.getDecoder().decode(field.substring(6)), StandardCharsets.UTF_8).split(":");
        return pair.length == 2
                && URLDecoder.decode(pair[0], StandardCharsets.UTF_8).equals(CLIENT)
                && URLDecoder.decode(pair[1], StandardCharsets.UTF_8).equals(SECRET);
    }

    private Map<String, String> form(HttpExchange exchange) throws IOException {
        if (!"POST".equals(exchange.getRequestMethod())
                || !"application/x-www-form-urlencoded"
                        .equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            violations.add("no form");
        }
        Map<String, String> form = new LinkedHashMap<>();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
            if (form.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8)) != null) {
                violations.add("twice: " + name);
            }
        }
        return form;
    }

    private static void json(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] body = Json.write(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
