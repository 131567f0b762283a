package dev.mortise.security.access;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.IdempotencyKey;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of the current revision, on the network, with one credential or none. */
public record Wire(InMemoryTransport transport, @Nullable Head head, String capabilities) {
    public static final String PLAIN = "{}";
    public static final String PAGES = "{'elicitation':{'url':{}}}";
    public static final String TASKS = "{'extensions':{'io.modelcontextprotocol/tasks':{}}}";

    public static Wire to(McpServer server, @Nullable String token) {
        return new Wire(InMemoryTransport.to(server::handle), Head.with(token), PLAIN);
    }

    /** Over standard streams. */
    public static Wire local(McpServer server) {
        return new Wire(InMemoryTransport.to(server::handle), null, PLAIN);
    }

    private InMemoryTransport to(String method, String params) {
        return head == null ? transport : transport.from(head.about(method, json(params)));
    }

    public Wire can(String newCapabilities) {
        return new Wire(transport, head, newCapabilities);
    }

    /** @param params with single quotes for double ones */
    public Received send(String method, String params) {
        return to(method, params).send(request(method, params));
    }

    public Received call(String tool, String arguments) {
        return send("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    /** With an idempotency key. */
    public Received callOnce(String tool, String arguments, String key) {
        return send(
                "tools/call",
                "{'name':'" + tool + "','arguments':" + arguments + ",'_meta':{'" + IdempotencyKey.META_KEY + "':'"
                        + key + "'}}");
    }

    public Conversation open(String method, String params) {
        return to(method, params).open(request(method, params));
    }

    private String request(String method, String params) {
        ObjectNode request = Json.object();
        // Always the same id, so that whole answers can be compared.
        request.put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ObjectNode members = (ObjectNode) json(params);
        ObjectNode meta = members.path("_meta") instanceof ObjectNode own ? own : Json.object();
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
            Map<String, String> fields,
            @Nullable String search) implements HttpHead {
        public static Head with(@Nullable String token) {
            Head head = new Head("POST", new TreeMap<>(String.CASE_INSENSITIVE_ORDER), null);
            return token == null ? head : head.field("Authorization", "Bearer " + token);
        }

        public Head field(String name, String value) {
            Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            more.putAll(fields);
            more.put(name, value);
            return new Head(method, more, search);
        }

        public Head searching(String newSearch) {
            return new Head("GET", fields, newSearch);
        }

        /** With the fields that repeat the body. */
        Head about(String rpcMethod, JsonNode params) {
            Head head = field("MCP-Protocol-Version", "2026-07-28").field("Mcp-Method", rpcMethod);
            String name = params.path(rpcMethod.equals("resources/read") ? "uri" : "name")
                    .asString("");
            String task = params.path("taskId").asString("");
            return name.isEmpty() && task.isEmpty() ? head : head.field("Mcp-Name", name.isEmpty() ? task : name);
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
            String value = fields.get(name);
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.1";
        }
    }
}
