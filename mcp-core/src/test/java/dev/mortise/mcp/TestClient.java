package dev.mortise.mcp;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Received;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client that writes modern requests as JSON, so that tests say only what matters to them. */
public final class TestClient {
    public static final String EVERYTHING = "{'elicitation':{'form':{},'url':{}},'sampling':{'tools':{}},'roots':{}}";

    private final InMemoryTransport wire;
    private final String capabilities;
    private final AtomicLong ids = new AtomicLong();

    private TestClient(InMemoryTransport wire, String capabilities) {
        this.wire = wire;
        this.capabilities = capabilities;
    }

    public static TestClient of(McpServer server) {
        return new TestClient(InMemoryTransport.to(server::handle), EVERYTHING);
    }

    public TestClient withCapabilities(String json) {
        return new TestClient(wire, json);
    }

    public TestClient from(Origin origin) {
        return new TestClient(wire.from(origin), capabilities);
    }

    /** @param params without {@code _meta}; single quotes stand for double ones */
    public Received send(String method, String params) {
        return wire.send(request(method, params, "{}"));
    }

    public Received send(String method, String params, String meta) {
        return wire.send(request(method, params, meta));
    }

    public JsonNode result(String method, String params) {
        return send(method, params).result();
    }

    public Conversation open(String method, String params) {
        return wire.open(request(method, params, "{}"));
    }

    public Conversation open(String method, String params, String meta) {
        return wire.open(request(method, params, meta));
    }

    public Received call(String tool, String arguments) {
        return send("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    public String text(String tool, String arguments) {
        return call(tool, arguments).result().at("/content/0/text").stringValue();
    }

    private String request(String method, String params, String meta) {
        ObjectNode request = Json.object();
        request.put("jsonrpc", "2.0").put("id", ids.incrementAndGet()).put("method", method);
        ObjectNode members = (ObjectNode) json(params);
        ObjectNode fields = (ObjectNode) json(meta);
        fields.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        fields.set("io.modelcontextprotocol/clientCapabilities", json(capabilities));
        members.set("_meta", fields);
        request.set("params", members);
        return request.toString();
    }

    public static JsonNode json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"'));
    }
}
