package dev.mortise.examples.documents;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes requests of revision 2026-07-28, from a client whose user can fill in forms. */
final class TestClient {
    private final InMemoryTransport wire;
    private final AtomicLong ids = new AtomicLong();

    TestClient(DocumentServer server) {
        this.wire = InMemoryTransport.to(server.server()::handle);
    }

    Received send(String method, ObjectNode params) {
        return wire.send(request(method, params));
    }

    Conversation open(String method, ObjectNode params) {
        return wire.open(request(method, params));
    }

    JsonNode call(String tool, ObjectNode arguments) {
        return send("tools/call", toolCall(tool, arguments)).result();
    }

    Received read(String uri) {
        return send("resources/read", Json.object().put("uri", uri));
    }

    static ObjectNode toolCall(String tool, ObjectNode arguments) {
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", arguments);
        return params;
    }

    /** What the model gets to read. */
    static String text(JsonNode result) {
        return result.at("/content/0/text").stringValue();
    }

    private String request(String method, ObjectNode params) {
        ObjectNode capabilities = Json.object();
        capabilities.putObject("elicitation").putObject("form");
        ObjectNode meta = Json.object().put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.set("io.modelcontextprotocol/clientCapabilities", capabilities);
        ObjectNode request = Json.object()
                .put("jsonrpc", "2.0")
                .put("id", ids.incrementAndGet())
                .put("method", method);
        request.set("params", params.deepCopy().set("_meta", meta));
        return request.toString();
    }
}
