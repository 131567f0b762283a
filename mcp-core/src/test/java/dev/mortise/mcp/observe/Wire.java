package dev.mortise.mcp.observe;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Received;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Modern requests as JSON, in memory. */
final class Wire {
    private final InMemoryTransport transport;

    private Wire(InMemoryTransport transport) {
        this.transport = transport;
    }

    static Wire to(McpServer server) {
        return new Wire(InMemoryTransport.to(server::handle));
    }

    Wire from(Origin origin) {
        return new Wire(transport.from(origin));
    }

    Received call(String tool) {
        return send("tools/call", "{'name':'" + tool + "','arguments':{}}", "{}");
    }

    Received send(String method, String params, String meta) {
        ObjectNode request = Json.object();
        request.put("jsonrpc", "2.0").put("id", 7).put("method", method);
        ObjectNode members = json(params);
        ObjectNode fields = json(meta);
        fields.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        fields.set("io.modelcontextprotocol/clientCapabilities", Json.object());
        members.set("_meta", fields);
        request.set("params", members);
        return transport.send(request.toString());
    }

    private static ObjectNode json(String singleQuoted) {
        return (ObjectNode) Json.parse(singleQuoted.replace('\'', '"'));
    }

    /** A POST of a call of a tool, with these further fields. */
    static HttpHead head(Map<String, List<String>> fields) {
        return new HttpHead() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public URI uri() {
                return URI.create("http://127.0.0.1/mcp");
            }

            @Override
            public List<String> headers(String name) {
                return switch (name.toLowerCase(Locale.ROOT)) {
                    case "mcp-protocol-version" -> List.of("2026-07-28");
                    case "mcp-method" -> List.of("tools/call");
                    case "mcp-name" -> List.of("work");
                    default -> fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
                };
            }

            @Override
            public String remoteAddress() {
                return "192.0.2.7";
            }
        };
    }

    /** An authenticator's caller for a local process. */
    static Caller ada() {
        return Caller.of("ada").withTenant("acme");
    }
}
