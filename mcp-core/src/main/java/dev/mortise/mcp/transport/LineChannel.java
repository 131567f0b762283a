package dev.mortise.mcp.transport;

import dev.mortise.mcp.internal.lines.LineReader;
import dev.mortise.mcp.internal.lines.LineWriter;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The reading side of one channel: line by line it answers what is no message, ends what is cancelled, and hands
 * everything else to the handler, each message on a virtual thread of its own.
 */
final class LineChannel implements Channel {
    private static final Logger LOG = LoggerFactory.getLogger(LineChannel.class);
    private static final String CANCELLED = "notifications/cancelled";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One for all messages of the channel. */
    private final Origin origin = new LocalProcess();

    private final Consumer<Exchange> handler;
    private final LineWriter writer;
    private final InFlight inFlight;
    private final Presence presence = new Presence();

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
            case MessageCodec.Decoded.Batch batch -> start(exchange(bytes, batch));
            case MessageCodec.Decoded.Ok ok -> {
                if (!(ok.message() instanceof Message.Notification notification
                        && notification.method().equals(CANCELLED)
                        && cancel(notification.params()))) {
                    start(exchange(bytes, ok));
                }
            }
        }
    }

    private LineExchange exchange(byte[] bytes, MessageCodec.Decoded decoded) {
        return new LineExchange(this, origin, bytes, decoded, writer, inFlight);
    }

    private void start(LineExchange exchange) throws IOException {
        switch (inFlight.admit(exchange)) {
            case ADMITTED -> {
                Thread call = Thread.ofVirtual().name("mortise-stdio-call").start(() -> handle(exchange));
                if (exchange.isFirst()) {
                    awaited(call);
                }
            }
            case DUPLICATE -> refuse(exchange.id(), "A request with this id is still in flight");
            case FULL -> overloaded(exchange.id());
            case CLOSED -> {}
        }
    }

    /**
     * Reads on when a session has begun: some clients, and scripts, write what comes next without waiting for the answer.
     * It cannot be cancelled (revision 2025-11-25, Cancellation), so nothing that waits behind it is meant for it.
     */
    private static void awaited(Thread call) throws IOException {
        try {
            if (!call.join(PATIENCE)) {
                LOG.warn("initialize is still not answered after {}: what comes behind it is read now", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while a session began");
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

    /**
     * Ends a request that came alone; one of a batch is for the server to find. Unknown and completed requests and
     * malformed notifications are ignored (Cancellation: Error Handling).
     *
     * @return false if the notification is for the server
     */
    private boolean cancel(@Nullable JsonNode params) {
        Optional<LineExchange> found = params == null
                ? Optional.empty()
                : RequestId.from(params.path("requestId")).flatMap(inFlight::unanswered);
        found.ifPresent(exchange -> {
            // The reason is the client's: as JSON it cannot break the log's lines.
            LOG.debug(
                    "Request {} was cancelled, reason {}",
                    exchange.id(),
                    Objects.requireNonNull(params).path("reason"));
            exchange.cancel();
        });
        return found.isPresent() || inFlight.all().stream().noneMatch(LineExchange::isBatch);
    }

    @Override
    public void send(Message message) throws IOException {
        writer.write(MessageCodec.encode(message), presence::waiting);
    }

    @Override
    public void onClosed(Runnable action) {
        presence.onGone(action);
    }

    /** Nothing comes in any more. */
    void closed() {
        presence.vanish(Thread::startVirtualThread);
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
