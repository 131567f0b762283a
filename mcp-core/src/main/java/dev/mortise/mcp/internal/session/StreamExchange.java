package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.internal.outbox.Outbox;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of a legacy session over HTTP, and its part of an {@link EventStream}. Connections come and go without
 * it; its sender is gone when it cancels the request, or when the session ends.
 */
final class StreamExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(StreamExchange.class);
    private final Origin origin;
    private final EventStream stream;
    private final LegacySession session;
    private final RequestId id;
    private final Runnable cancel = this::cancel;
    private final Outbox outbox = new Outbox(this::say);
    private final AtomicBoolean answered = new AtomicBoolean();

    StreamExchange(Origin origin, EventStream stream, LegacySession session, RequestId id) {
        this.origin = origin;
        this.stream = stream;
        this.session = session;
        this.id = id;
    }

    LegacySession.Admission begin() {
        return session.begin(id, cancel);
    }

    /** The handler of a request that was admitted has returned. */
    void handled() {
        try {
            cancel();
        } finally {
            session.done(id, cancel);
        }
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        throw new IOException("The message was received before");
    }

    @Override
    public void offer(Message.Notification notification) {
        if (stream.mayOpen()) {
            outbox.offer(notification);
        }
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        requireStream();
        outbox.deliver(notification);
    }

    @Override
    public void send(Message.Request request) throws IOException {
        requireStream();
        stream.say(request);
    }

    private void requireStream() throws IOException {
        if (!stream.mayOpen()) {
            throw new IOException("The client does not accept text/event-stream");
        }
    }

    @Override
    public void hangUp() {
        stream.hangUp();
    }

    @Override
    public void reply(Reply reply) {
        outbox.finish(() -> {
            // The id is free before the answer can be read, for who reads it may use the id again at once.
            session.answering(id, cancel);
            answer(reply);
        });
    }

    @Override
    public void onGone(Runnable action) {
        outbox.onGone(action);
    }

    /** The sender wants no answer any more. */
    void cancel() {
        outbox.abandon();
        answer(Reply.accepted());
    }

    private void answer(Reply reply) {
        if (answered.compareAndSet(false, true)) {
            stream.answer(reply);
        }
    }

    /** A notification may be missed; the response that comes after it may not, so nothing breaks here. */
    private void say(Message.Notification notification) {
        try {
            stream.say(notification);
        } catch (RuntimeException e) {
            LOG.warn("A notification could not be kept, and is dropped", e);
        }
    }
}
