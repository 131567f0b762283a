package dev.mortise.security.access;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** An identity provider at which one person sits. */
final class FakeProvider implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, ObjectNode> codes = new ConcurrentHashMap<>();
    private volatile String person = "ann";

    FakeProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void sits(String subject) {
        person = subject;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = Form.parse(exchange.getRequestURI().getRawQuery());
        ObjectNode claims = Json.object()
                .put("iss", uri().toString())
                .put("aud", query.get("client_id"))
                .put("sub", person)
                .put("tenant", "acme")
                .put("nonce", query.get("nonce"))
                // Whole seconds, and the person signs in anew because of prompt=login.
                .put("auth_time", System.currentTimeMillis() / 1000 + 1);
        String code = "code" + codes.size();
        codes.put(code, claims);
        exchange.getResponseHeaders()
                .set("Location", query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
        exchange.sendResponseHeaders(query.getOrDefault("prompt", "").equals("login") ? 303 : 400, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        ObjectNode claims = codes.remove(Form.parse(body).get("code"));
        String payload = Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(claims));
        byte[] answer = Json.write(Json.object().put("id_token", "e30." + payload + "."));
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
