package dev.mortise.mcp.transport;

import dev.mortise.mcp.internal.lines.LineWriter;
import dev.mortise.mcp.internal.outbox.Outbox;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * One message that came in on a line. It is over when its sender waits no more and its handler has returned. A
 * message that is not a request has no way back.
 */
final class LineExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(LineExchange.class);
    private static final String LISTEN = "subscriptions/listen";
    private static final String INITIALIZE = "initialize";

    private final Channel channel;
    private final Origin origin;
    private final byte[] bytes;
    private final MessageCodec.Decoded decoded;
    private final LineWriter writer;
    private final InFlight inFlight;
    private final Presence presence = new Presence();
    private final Outbox outbox = new Outbox(this::write, this::cancel);
    private final AtomicBoolean replying = new AtomicBoolean();
    private final AtomicBoolean awaited = new AtomicBoolean(true);
    private final AtomicInteger holds = new AtomicInteger(2);

    LineExchange(
            Channel channel,
            Origin origin,
            byte[] bytes,
            MessageCodec.Decoded decoded,
            LineWriter writer,
            InFlight inFlight) {
        this.channel = channel;
        this.origin = origin;
        this.bytes = bytes;
        this.decoded = decoded;
        this.writer = writer;
        this.inFlight = inFlight;
    }

    /** The id of the request; {@code null} if the message is none. */
    @Nullable
    RequestId id() {
        return decoded instanceof MessageCodec.Decoded.Ok(Message.Request request) ? request.id() : null;
    }

    /** Whether this is several messages. */
    boolean isBatch() {
        return decoded instanceof MessageCodec.Decoded.Batch;
    }

    /** Whether this request stays open until one side ends it. */
    boolean isListening() {
        return isRequest(LISTEN);
    }

    /** Whether what comes behind this request is understood by what it says: it begins a legacy client's session. */
    boolean isFirst() {
        return isRequest(INITIALIZE);
    }

    private boolean isRequest(String method) {
        return decoded instanceof MessageCodec.Decoded.Ok(Message.Request request)
                && request.method().equals(method);
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        if (!presence.waiting()) {
            throw new IOException("The request was cancelled");
        }
        return Optional.of(bytes);
    }

    @Override
    public Optional<MessageCodec.Decoded> message() throws IOException {
        receive();
        return Optional.of(decoded);
    }

    @Override
    public Optional<Channel> channel() {
        return Optional.of(channel);
    }

    @Override
    public void send(Message.Request request) throws IOException {
        writer.write(MessageCodec.encode(request), presence::waiting);
    }

    @Override
    public void offer(Message.Notification notification) {
        outbox.offer(notification);
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        outbox.deliver(notification);
    }

    @Override
    public void reply(Reply reply) {
        boolean answerable = id() != null || isBatch();
        finish(reply.message() == null || !answerable ? null : MessageCodec.encode(reply.message()));
    }

    @Override
    public void replyAll(List<Message.Response> responses) {
        finish(responses.isEmpty() ? null : MessageCodec.encode(responses));
    }

    private void finish(byte @Nullable [] line) {
        if (!replying.compareAndSet(false, true)) {
            return;
        }
        try {
            outbox.finish(() -> {
                if (line == null) {
                    answer();
                } else {
                    writer.write(line, this::answer);
                }
            });
        } finally {
            over();
        }
    }

    @Override
    public void onGone(Runnable action) {
        presence.onGone(action);
    }

    /** The sender waits no more: nothing further is written. Does nothing if the request was answered. */
    void cancel() {
        if (presence.vanish(Thread::startVirtualThread)) {
            inFlight.answered(this);
            outbox.abandon();
            over();
        }
    }

    /** The handler has returned. */
    void handled() {
        if (id() == null) {
            presence.answer();
            over();
        }
        letGo();
    }

    /** The handler has failed: that must not leave the sender waiting. */
    void failed(Throwable cause) {
        if (!presence.waiting()) {
            LOG.debug("A handler failed after its message was answered or cancelled", cause);
            return;
        }
        LOG.error("A handler failed instead of replying", cause);
        if (id() != null) {
            reply(Reply.of(new Message.Failure(
                    id(), JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "The request could not be handled"))));
        }
    }

    private void write(Message.Notification notification) throws IOException {
        byte[] line;
        try {
            line = MessageCodec.encode(notification);
        } catch (JacksonException e) {
            // Nothing was written yet, so the reply can still be: dropping the notification is the smaller harm.
            LOG.error("A {} cannot be written as JSON; it was dropped", notification.method(), e);
            return;
        }
        writer.write(line, presence::waiting);
    }

    /** The id is free before the answer can be read, for who reads it may use the id again at once. */
    private boolean answer() {
        boolean answering = presence.answer();
        if (answering) {
            inFlight.answered(this);
        }
        return answering;
    }

    private void over() {
        if (awaited.compareAndSet(true, false)) {
            letGo();
        }
    }

    private void letGo() {
        if (holds.decrementAndGet() == 0) {
            inFlight.leave(this);
        }
    }
}
