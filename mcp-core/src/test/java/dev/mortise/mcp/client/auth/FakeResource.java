package dev.mortise.mcp.client.auth;

import com.sun.net.httpserver.HttpExchange;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** A protected MCP server at {@code /mcp}: takes tokens of its authorization server that were made for it. */
final class FakeResource extends WebServer {
    volatile FakeAuthorizationServer authorizationServer;
    /** Where its metadata is; {@code null} for nowhere. */
    String metadataPath = "/.well-known/oauth-protected-resource/mcp";

    /** The path of the server itself. */
    volatile String path = "/mcp";

    boolean namesMetadata = true;
    /** Where the place of the metadata redirects to, if it does. */
    String moved = "";

    Consumer<ObjectNode> metadata = json -> {};
    /** What the challenge says is needed. */
    volatile String scope = "";
    /** The scopes that a request needs, by the value of its {@code Mcp-Method} field. */
    final Map<String, Set<String>> needs = new ConcurrentHashMap<>();

    final Set<String> revoked = ConcurrentHashMap.newKeySet();
    volatile boolean refusesAll;
    Optional<String> nonce = Optional.empty();
    final DpopJudge proofs = new DpopJudge(violations);

    FakeResource(FakeAuthorizationServer authorizationServer) throws IOException {
        this.authorizationServer = authorizationServer;
    }

    URI url() {
        return URI.create(origin() + path);
    }

    @Override
    void handle(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestURI().getPath();
        if (asked.equals(metadataPath) && !moved.isEmpty()) {
            exchange.getResponseHeaders().set("Location", moved);
            exchange.sendResponseHeaders(302, -1);
        } else if (asked.equals(moved.isEmpty() ? metadataPath : "/moved")) {
            if (exchange.getRequestHeaders().containsKey("Authorization")) {
                violations.add("a token was sent to the metadata");
            }
            ObjectNode json = Json.object().put("resource", url().toString());
            json.putArray("authorization_servers").add(authorizationServer.issuer());
            metadata.accept(json);
            json(exchange, 200, json);
        } else if (asked.equals(path)) {
            exchange.getRequestBody().readAllBytes();
            protectedCall(exchange);
        } else {
            bytes(exchange, 404, new byte[0]);
        }
    }

    private void protectedCall(HttpExchange exchange) throws IOException {
        String field = exchange.getRequestHeaders().getFirst("Authorization");
        String token = field == null ? "" : field.substring(field.indexOf(' ') + 1);
        FakeAuthorizationServer.Issued issued = authorizationServer.tokens.get(token);
        if (issued == null || revoked.contains(token) || refusesAll) {
            challenge(exchange, 401, field == null ? "" : "error=\"invalid_token\"");
            return;
        }
        if (!issued.resource().equals(url().toString())) {
            violations.add("a token for another resource: " + issued.resource());
        }
        if (issued.thumbprint().isPresent()) {
            if (!field.startsWith("DPoP ")) {
                violations.add("a bound token was sent as " + field.substring(0, field.indexOf(' ')));
            }
            DpopJudge.Verdict verdict = proofs.judge(
                    exchange.getRequestHeaders().getOrDefault("DPoP", List.of()),
                    exchange.getRequestMethod(),
                    url(),
                    Optional.of(token));
            if (!verdict.thumbprint().equals(issued.thumbprint().get())) {
                violations.add("a proof with another key");
            }
            if (!verdict.nonce().equals(nonce)) {
                exchange.getResponseHeaders().set("DPoP-Nonce", nonce.orElse("unexpected"));
                exchange.getResponseHeaders().set("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
                bytes(exchange, 401, new byte[0]);
                return;
            }
        }
        String method = exchange.getRequestHeaders().getFirst("Mcp-Method");
        Set<String> needed = needs.getOrDefault(method == null ? "" : method, Set.of());
        if (!issued.scopes().containsAll(needed)) {
            challenge(exchange, 403, "error=\"insufficient_scope\", scope=\"" + String.join(" ", needed) + "\"");
            return;
        }
        bytes(exchange, 200, "ok".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void challenge(HttpExchange exchange, int status, String parameters) throws IOException {
        StringBuilder value = new StringBuilder(authorizationServer.dpop ? "DPoP " : "Bearer ").append(parameters);
        if (namesMetadata) {
            value.append(parameters.isEmpty() ? "" : ", ")
                    .append("resource_metadata=\"")
                    .append(origin())
                    .append(metadataPath)
                    .append('"');
        }
        if (status == 401 && !scope.isEmpty()) {
            value.append(", scope=\"").append(scope).append('"');
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", value.toString());
        bytes(exchange, status, new byte[0]);
    }
}
