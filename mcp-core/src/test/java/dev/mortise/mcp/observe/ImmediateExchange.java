package dev.mortise.mcp.observe;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A call of the tool {@code work} over HTTP, handled on the thread of the test. */
final class ImmediateExchange implements Exchange {
    private final Origin origin;

    ImmediateExchange(String traceparent) {
        origin = Wire.head(Map.of("traceparent", List.of(traceparent)));
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public Optional<byte[]> receive() {
        return Optional.of("""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"work","arguments":{},"_meta":{
                 "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                 "io.modelcontextprotocol/clientCapabilities":{}}}}
                """.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void offer(Message.Notification notification) {}

    @Override
    public void deliver(Message.Notification notification) {}

    @Override
    public void reply(Reply reply) {}

    @Override
    public void onGone(Runnable action) {}
}
