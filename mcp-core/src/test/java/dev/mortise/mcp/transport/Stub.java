package dev.mortise.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What handlers in tests do. */
final class Stub {
    private Stub() {}

    static Message message(Exchange exchange) {
        try {
            return ((MessageCodec.Decoded.Ok)
                            MessageCodec.decode(exchange.receive().orElseThrow()))
                    .message();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message.Request request(Exchange exchange) {
        return (Message.Request) message(exchange);
    }

    /** Answers every request with the name of its method. */
    static void echo(Exchange exchange) {
        if (message(exchange) instanceof Message.Request request) {
            exchange.reply(Reply.of(named(request.id(), request.method())));
        } else {
            exchange.reply(Reply.accepted());
        }
    }

    static Message.Result named(RequestId id, String name) {
        return Message.Result.of(id, Json.object().put("name", name));
    }

    static Message.Notification progress(RequestId id, int value) {
        return Message.Notification.of(
                "notifications/message", Json.object().put("id", id.toString()).put("value", value));
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(StdioClient.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("in time")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static String nameIn(Message.Result result) {
        return result.result().get("name").stringValue();
    }
}
