package dev.mortise.mcp.http;

import dev.mortise.mcp.internal.outbox.Outbox;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import dev.mortise.mcp.transport.StreamEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One POST and its reply. The reply is plain JSON, until the first notification or a spell of silence turns it into a
 * stream of events; from then on comment lines find out whether the client is still there.
 *
 * <p>Silence counts from the moment somebody wants to know whether the client goes away, because work for it begins:
 * until then a refusal must be able to set the status, however long it takes to find the mistake.
 */
final class HttpExchange implements Exchange, Pulse.Sleeper {
    private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);

    private final HttpHead head;
    private final Accept accept;
    private final HttpOptions options;
    private final Pulse pulse;
    private final Body body;
    private final HttpWriter writer;
    private final Outbox outbox = new Outbox(this::write);
    private volatile long due = Long.MAX_VALUE;

    HttpExchange(HttpHead head, Accept accept, Body body, HttpWriter writer, HttpOptions options, Pulse pulse) {
        this.head = head;
        this.accept = accept;
        this.body = body;
        this.writer = writer;
        this.options = options;
        this.pulse = pulse;
    }

    @Override
    public Origin origin() {
        return head;
    }

    @Override
    public Optional<byte[]> receive() {
        return switch (body.message(options.maxBodyBytes(), options.bodyDeadline())) {
            case Body.Outcome.Whole whole -> Optional.of(whole.bytes());
            case Body.Outcome.Unusable unusable -> {
                reject(unusable.rejection());
                yield Optional.empty();
            }
        };
    }

    @Override
    public void offer(Message.Notification notification) {
        if (accept.events()) {
            outbox.offer(notification);
        }
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        if (!accept.events()) {
            reject(Rejection.of(406, "This request is answered by a stream: Accept must name text/event-stream"));
            throw new IOException("The client does not accept text/event-stream");
        }
        outbox.deliver(notification);
    }

    @Override
    public boolean acceptsEvents() {
        return accept.events();
    }

    @Override
    public void deliver(StreamEvent event) throws IOException {
        if (!accept.events()) {
            throw new IOException("The client does not accept text/event-stream");
        }
        expectBeat();
        outbox.write(() -> writer.event(event));
    }

    @Override
    public void replyAll(List<Message.Response> responses) {
        byte[] json = MessageCodec.encode(responses);
        outbox.finish(() -> writeReply(new Reply(null, 200, Map.of()), json));
    }

    @Override
    public void reply(Reply reply) {
        Message.Response message = reply.message();
        byte[] json = message == null ? null : encode(message);
        outbox.finish(() -> writeReply(reply, json));
    }

    void reject(Rejection rejection) {
        outbox.finish(() -> writer.rejection(rejection, body));
    }

    @Override
    public void onGone(Runnable action) {
        if (accept.events() && due == Long.MAX_VALUE) {
            due = pulse.now() + options.silence().toNanos();
        }
        outbox.onGone(action);
    }

    /** Treats the client as gone: somebody other than a failing write found out, or nobody waits any longer. */
    @Override
    public void giveUp() {
        outbox.abandon();
    }

    /** Waits until the reply is written or the client gone; after that nothing touches the response any more. */
    void awaitEnd() {
        outbox.awaitEnd();
    }

    @Override
    public long due() {
        return due;
    }

    @Override
    public void wake() {
        expectBeat();
        Thread.ofVirtual().name("mortise-heartbeat").start(this::beat);
    }

    /** Turns a silent reply into a stream, or shows that a stream is still alive. */
    private void beat() {
        try {
            outbox.whenIdle(writer::comment);
        } catch (IOException | RuntimeException e) {
            LOG.debug("A client went away", e);
        }
    }

    private void write(Message.Notification notification) throws IOException {
        byte[] json;
        try {
            json = MessageCodec.encode(notification);
        } catch (RuntimeException e) {
            LOG.error("The notification {} cannot be written as JSON and is left out", notification.method(), e);
            return;
        }
        expectBeat();
        writer.event(json);
    }

    private void expectBeat() {
        due = pulse.now() + options.heartbeat().toNanos();
    }

    private void writeReply(Reply reply, byte @Nullable [] json) throws IOException {
        if (json != null && (writer.isStreaming() || (!accept.json() && reply.status() == 200))) {
            writer.streamFields(reply.headers());
            writer.event(json);
        } else if (!writer.isStreaming()) {
            writer.whole(reply.status(), reply.headers(), json, body);
        }
    }

    /** As JSON; what cannot be written as such becomes an internal error. */
    static byte[] encode(Message.Response message) {
        try {
            return MessageCodec.encode(message);
        } catch (RuntimeException e) {
            LOG.error("A response cannot be written as JSON", e);
            RequestId id = switch (message) {
                case Message.Result result -> result.id();
                case Message.Failure failure -> failure.id();
            };
            return MessageCodec.encode(
                    new Message.Failure(id, JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "Internal error")));
        }
    }
}
