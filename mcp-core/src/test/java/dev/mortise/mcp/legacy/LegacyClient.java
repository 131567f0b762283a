package dev.mortise.mcp.legacy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of a legacy revision over HTTP, with or without a session. Single quotes in JSON stand for double ones. */
final class LegacyClient {
    private static final AtomicLong IDS = new AtomicLong();

    private final McpServer server;
    private final Head base;
    private final @Nullable String session;

    private LegacyClient(McpServer server, Head base, @Nullable String session) {
        this.server = server;
        this.base = base;
        this.session = session;
    }

    /** Without a session. */
    static LegacyClient of(McpServer server) {
        return new LegacyClient(server, Head.of("POST"), null);
    }

    LegacyClient with(String field, String value) {
        return new LegacyClient(server, base.with(field, value), session);
    }

    LegacyClient from(String address) {
        return new LegacyClient(server, base.from(address), session);
    }

    /** The same session, at another replica. */
    LegacyClient at(McpServer replica) {
        return new LegacyClient(replica, base, session);
    }

    static ObjectNode hello(String version, String capabilities) {
        ObjectNode params = Json.object().put("protocolVersion", version);
        params.set("capabilities", json(capabilities));
        params.putObject("clientInfo").put("name", "test").put("version", "1");
        return params;
    }

    Received initialize(String version, String capabilities) {
        return send("initialize", hello(version, capabilities).toString());
    }

    /** Begins a session. */
    LegacyClient begin(String version, String capabilities) {
        Received hello = initialize(version, capabilities);
        String id = hello.reply().headers().get("Mcp-Session-Id");
        LegacyClient begun = new LegacyClient(
                server,
                base.with("Mcp-Session-Id", id)
                        .with(
                                "MCP-Protocol-Version",
                                hello.result().path("protocolVersion").stringValue()),
                id);
        begun.post("{'jsonrpc':'2.0','method':'notifications/initialized'}");
        return begun;
    }

    String session() {
        return String.valueOf(session);
    }

    Received send(String method, String params) {
        return open(method, params).end();
    }

    Conversation open(String method, String params) {
        return open(method, params, IDS.incrementAndGet());
    }

    Conversation open(String method, String params, long id) {
        ObjectNode request = Json.object();
        request.put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", json(params));
        return wire("POST").open(request.toString());
    }

    Received post(String message) {
        return wire("POST").send(message.replace('\'', '"'));
    }

    Conversation openPost(String message) {
        return wire("POST").open(message.replace('\'', '"'));
    }

    Conversation get() {
        return wire("GET").open("");
    }

    /** Listens, and has been told so: nothing that happens from now on is missed. */
    Conversation listen() {
        Conversation stream = get();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (stream.lastEventId().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The stream does not begin");
            }
            Thread.yield();
        }
        return stream;
    }

    Conversation get(String lastEventId) {
        return with("Last-Event-ID", lastEventId).wire("GET").open("");
    }

    Received delete() {
        return wire("DELETE").send("");
    }

    Received answer(Message.Request asked, String result) {
        return wire("POST").send(MessageCodec.encode(Message.Result.of(asked.id(), json(result))));
    }

    String text(String tool, String arguments) {
        return call(tool, arguments).end().result().at("/content/0/text").stringValue();
    }

    Conversation call(String tool, String arguments) {
        return open("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    }

    private InMemoryTransport wire(String method) {
        Head head = new Head(method, base.remoteAddress(), base.fields());
        return InMemoryTransport.to(server::handle).from(head);
    }

    static JsonNode json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"'));
    }
}
