package dev.mortise.servlet;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** What stands behind the HTTP binding: whatever a test puts there, and an echo until then. */
final class Endpoint implements Consumer<Exchange> {
    private volatile Consumer<Exchange> behaviour = Endpoint::echo;

    void does(Consumer<Exchange> behaviour) {
        this.behaviour = behaviour;
    }

    void echoes() {
        behaviour = Endpoint::echo;
    }

    @Override
    public void accept(Exchange exchange) {
        behaviour.accept(exchange);
    }

    static void echo(Exchange exchange) {
        receive(exchange).ifPresent(body -> exchange.reply(result(body)));
    }

    static Optional<String> receive(Exchange exchange) {
        try {
            return exchange.receive().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Reply result(String text) {
        return Reply.of(Message.Result.of(RequestId.of(1), Json.tree(text)));
    }

    /** How {@link #result} looks. */
    static String json(String text) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + text + "\"}";
    }

    static Message.Notification note(String text) {
        return new Message.Notification("notifications/message", Json.tree(text));
    }

    static String event(String text) {
        return "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":\"" + text + "\"}\n\n";
    }
}
