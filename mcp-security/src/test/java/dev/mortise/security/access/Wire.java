package dev.mortise.security.access;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of the current revision, on the network, with one credential or none. */
public record Wire(InMemoryTransport transport, String capabilities) {
    public static final String PLAIN = "{}";
    public static final String PAGES = "{'elicitation':{'url':{}}}";
    public static final String TASKS = "{'extensions':{'io.modelcontextprotocol/tasks':{}}}";

    public static Wire to(McpServer server, @Nullable String token) {
        return new Wire(InMemoryTransport.to(server::handle).from(Head.with(token)), PLAIN);
    }

    public Wire can(String newCapabilities) {
        return new Wire(transport, newCapabilities);
    }

    /** @param params with single quotes for double ones */
    public Received send(String method, String params) {
        return transport.send(request(method, params));
    }

    public Received call(String tool, String arguments) {
        return send("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    public Conversation open(String method, String params) {
        return transport.open(request(method, params));
    }

    private String request(String method, String params) {
        ObjectNode request = Json.object();
        // Always the same id, so that whole answers can be compared.
        request.put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ObjectNode members = (ObjectNode) json(params);
        ObjectNode meta = Json.object();
        meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.set("io.modelcontextprotocol/clientCapabilities", json(capabilities));
        members.set("_meta", meta);
        request.set("params", members);
        return request.toString();
    }

    public static JsonNode json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"'));
    }

    /** The head of a request with a bearer token. */
    public record Head(
            String method,
            @Nullable String token,
            @Nullable String search,
            @Nullable String cookie) implements HttpHead {
        public static Head with(@Nullable String token) {
            return new Head("POST", token, null, null);
        }

        @Override
        public URI uri() {
            return URI.create("https://mcp.example.com/mcp");
        }

        @Override
        public Optional<String> query() {
            return Optional.ofNullable(search);
        }

        @Override
        public List<String> headers(String name) {
            if (name.equalsIgnoreCase("Authorization") && token != null) {
                return List.of("Bearer " + token);
            }
            return name.equalsIgnoreCase("Cookie") && cookie != null ? List.of(cookie) : List.of();
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.1";
        }
    }
}
