package dev.mortise.mcp.client.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** A real HTTP server on a free port of this machine, which notes what was called and what was wrong about it. */
abstract class WebServer implements AutoCloseable {
    final HttpServer server;
    /** What clients did that no client may do; a test ends with none. */
    final Queue<String> violations = new ConcurrentLinkedQueue<>();
    /** Method and path of every request. */
    final Queue<String> calls = new ConcurrentLinkedQueue<>();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    WebServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            calls.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            try (exchange) {
                handle(exchange);
            } catch (RuntimeException e) {
                violations.add("broke the server: " + e);
            }
        });
        server.start();
    }

    abstract void handle(HttpExchange exchange) throws IOException;

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    long calls(String methodAndPath) {
        return calls.stream().filter(methodAndPath::equals).count();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        bytes(exchange, status, Json.write(body));
    }

    static void bytes(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    static void error(HttpExchange exchange, int status, String code) throws IOException {
        json(exchange, status, Json.object().put("error", code).put("error_description", "no " + code));
    }

    /** The parameters of a query or a form; one that comes twice is a violation. */
    Map<String, String> parameters(String encoded) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : encoded.isEmpty() ? List.<String>of() : List.of(encoded.split("&", -1))) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
            String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            if (parameters.put(name, value) != null) {
                violations.add("sent twice: " + name);
            }
        }
        return parameters;
    }
}
