package dev.mortise.mcp.transport;

import dev.mortise.mcp.internal.lines.LineReader;
import dev.mortise.mcp.internal.lines.LineWriter;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The reading side of one channel: line by line it answers what is no message, ends what is cancelled, and hands
 * everything else to the handler, each message on a virtual thread of its own.
 */
final class LineChannel {
    private static final Logger LOG = LoggerFactory.getLogger(LineChannel.class);
    private static final String CANCELLED = "notifications/cancelled";

    /** One for all messages of the channel. */
    private final Origin origin = new LocalProcess();

    private final Consumer<Exchange> handler;
    private final LineWriter writer;
    private final InFlight inFlight;

    LineChannel(Consumer<Exchange> handler, LineWriter writer, InFlight inFlight) {
        this.handler = handler;
        this.writer = writer;
        this.inFlight = inFlight;
    }

    /** Reads until the stream ends, or something comes in after no more is taken. */
    void read(InputStream in, int maxLineBytes) throws IOException {
        var lines = new LineReader(in, maxLineBytes);
        while (true) {
            LineReader.Line line = lines.next();
            if (inFlight.closed()) {
                return;
            }
            switch (line) {
                case LineReader.Line.End end -> {
                    return;
                }
                case LineReader.Line.TooLong tooLong ->
                    refuse(null, "A line is longer than " + maxLineBytes + " bytes");
                case LineReader.Line.Text text -> take(text.bytes());
            }
        }
    }

    private void take(byte[] bytes) throws IOException {
        switch (MessageCodec.decode(bytes)) {
            case MessageCodec.Decoded.Malformed malformed -> write(malformed.id(), malformed.error());
            case MessageCodec.Decoded.Ok ok -> {
                if (ok.message() instanceof Message.Notification notification
                        && notification.method().equals(CANCELLED)) {
                    if (notification.params() != null) {
                        cancel(notification.params());
                    }
                } else {
                    start(new LineExchange(origin, bytes, ok.message(), writer, inFlight));
                }
            }
        }
    }

    private void start(LineExchange exchange) throws IOException {
        switch (inFlight.admit(exchange)) {
            case ADMITTED -> Thread.ofVirtual().name("mortise-stdio-call").start(() -> handle(exchange));
            case DUPLICATE -> refuse(exchange.id(), "A request with this id is still in flight");
            case FULL -> overloaded(exchange.id());
            case CLOSED -> {}
        }
    }

    private void handle(LineExchange exchange) {
        try {
            handler.accept(exchange);
        } catch (RuntimeException | Error e) {
            exchange.failed(e);
        } finally {
            exchange.handled();
        }
    }

    /** Unknown and completed requests and malformed notifications are ignored (Cancellation: Error Handling). */
    private void cancel(JsonNode params) {
        RequestId.from(params.path("requestId")).flatMap(inFlight::unanswered).ifPresent(exchange -> {
            // The reason is the client's: as JSON it cannot break the log's lines.
            LOG.debug("Request {} was cancelled, reason {}", exchange.id(), params.path("reason"));
            exchange.cancel();
        });
    }

    private void overloaded(@Nullable RequestId id) throws IOException {
        if (id == null) {
            LOG.warn("Dropped a notification: {} are being handled already", inFlight.max());
            return;
        }
        write(
                id,
                JsonRpcError.of(
                        JsonRpcError.INTERNAL_ERROR,
                        "Overloaded: " + inFlight.max() + " requests are in flight; wait for replies and try again"));
    }

    private void refuse(@Nullable RequestId id, String message) throws IOException {
        write(id, JsonRpcError.of(JsonRpcError.INVALID_REQUEST, message));
    }

    private void write(@Nullable RequestId id, JsonRpcError error) throws IOException {
        writer.write(MessageCodec.encode(new Message.Failure(id, error)), () -> true);
    }
}
