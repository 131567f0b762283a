package dev.mortise.security.limit;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A modern client that calls tools over HTTP, from an address. */
public final class Wire {
    private final InMemoryTransport transport;
    private final AtomicLong ids = new AtomicLong();

    private Wire(InMemoryTransport transport) {
        this.transport = transport;
    }

    public static Wire to(McpServer server) {
        return new Wire(InMemoryTransport.to(server::handle));
    }

    /** A tool call, as from the process that started the server. */
    public Received call(String tool, String arguments) {
        return transport.send(request(tool, arguments, "{}"));
    }

    public Received call(String tool, String arguments, String meta) {
        return transport.send(request(tool, arguments, meta));
    }

    public Received callFrom(String address, String user, String tool) {
        return transport.from(new Head(address, user, tool)).send(request(tool, "{}", "{}"));
    }

    /** A later round of a call. */
    public Received answer(String tool, String arguments, String meta, String state, String responses) {
        ObjectNode request = (ObjectNode) Json.parse(request(tool, arguments, meta));
        ObjectNode params = (ObjectNode) request.get("params");
        params.put("requestState", state);
        params.set("inputResponses", json(responses));
        return transport.send(request.toString());
    }

    public String request(String tool, String arguments, String meta) {
        ObjectNode fields = (ObjectNode) json(meta);
        fields.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        fields.set("io.modelcontextprotocol/clientCapabilities", json("{'elicitation':{'form':{}}}"));
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", json(arguments));
        params.set("_meta", fields);
        ObjectNode request = Json.object()
                .put("jsonrpc", "2.0")
                .put("id", ids.incrementAndGet())
                .put("method", "tools/call");
        request.set("params", params);
        return request.toString();
    }

    public static JsonNode json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"'));
    }

    private record Head(String remoteAddress, String user, String tool) implements HttpHead {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public URI uri() {
            return URI.create("https://mcp.example/mcp");
        }

        @Override
        public List<String> headers(String name) {
            return switch (name.toLowerCase(java.util.Locale.ROOT)) {
                case "mcp-protocol-version" -> List.of("2026-07-28");
                case "mcp-method" -> List.of("tools/call");
                case "mcp-name" -> List.of(tool);
                case "x-user" -> List.of(user);
                default -> List.of();
            };
        }
    }
}
