package dev.mortise.billing.quota;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of the current revision that fills in forms. Single quotes stand for double ones. */
record Wire(InMemoryTransport transport, String capabilities, AtomicLong ids) {
    static final String FORMS = "{'elicitation':{'form':{}}}";

    static Wire to(McpServer server) {
        return new Wire(InMemoryTransport.to(server::handle), FORMS, new AtomicLong());
    }

    Wire can(String newCapabilities) {
        return new Wire(transport, newCapabilities, ids);
    }

    Received send(String method, String params) {
        ObjectNode request = Json.object();
        request.put("jsonrpc", "2.0").put("id", ids.incrementAndGet()).put("method", method);
        ObjectNode members = (ObjectNode) json(params);
        ObjectNode meta = members.putObject("_meta");
        meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.set("io.modelcontextprotocol/clientCapabilities", json(capabilities));
        request.set("params", members);
        return transport.send(request.toString());
    }

    JsonNode result(String method, String params) {
        return send(method, params).result();
    }

    Received call(String tool, String arguments) {
        return send("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    static JsonNode json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"'));
    }
}
