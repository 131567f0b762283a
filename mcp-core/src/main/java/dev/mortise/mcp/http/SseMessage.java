package dev.mortise.mcp.http;

import dev.mortise.mcp.internal.outbox.Outbox;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message that a client of {@link HttpSse} has posted. The POST is answered as soon as it is known whether the
 * message can be taken; what comes of the message goes to the client's stream.
 */
final class SseMessage implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSse.class);
    private static final String CANCELLED = "notifications/cancelled";

    /** The answer to the POST. */
    @FunctionalInterface
    interface Answer {
        void write(HttpWriter writer, Body body) throws IOException;
    }

    private final HttpHead head;
    private final SseChannel channel;
    private final Body body;
    private final HttpOptions options;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final Outbox outbox = new Outbox(this::write);
    private @Nullable RequestId id;
    private boolean entered;

    SseMessage(HttpHead head, SseChannel channel, Body body, HttpOptions options) {
        this.head = head;
        this.channel = channel;
        this.body = body;
        this.options = options;
    }

    @Override
    public Origin origin() {
        return head;
    }

    @Override
    public Optional<Channel> channel() {
        return Optional.of(channel);
    }

    @Override
    public Optional<byte[]> receive() {
        entered = channel.enter();
        if (!entered) {
            reject(Rejection.closing(503, "Too many messages of this connection are being handled")
                    .with("Retry-After", "1"));
            return Optional.empty();
        }
        return switch (body.message(options.maxBodyBytes(), options.bodyDeadline())) {
            case Body.Outcome.Whole whole -> Optional.of(whole.bytes());
            case Body.Outcome.Unusable unusable -> {
                reject(unusable.rejection());
                yield Optional.empty();
            }
        };
    }

    @Override
    public Optional<MessageCodec.Decoded> message() {
        Optional<MessageCodec.Decoded> decoded = receive().map(MessageCodec::decode);
        if (decoded.isEmpty()) {
            return decoded;
        }
        switch (decoded.get()) {
            case MessageCodec.Decoded.Malformed malformed -> {
                answer(Reply.of(new Message.Failure(malformed.id(), malformed.error()), 400));
                return Optional.empty();
            }
            case MessageCodec.Decoded.Ok(Message.Request request) -> {
                if (!channel.begin(request.id(), this)) {
                    answer(Reply.of(
                            new Message.Failure(
                                    request.id(),
                                    JsonRpcError.of(
                                            JsonRpcError.INVALID_REQUEST, "A request with this id is still in flight")),
                            400));
                    return Optional.empty();
                }
                id = request.id();
            }
            case MessageCodec.Decoded.Ok(Message.Notification notification) -> {
                if (notification.method().equals(CANCELLED) && notification.params() != null) {
                    RequestId.from(notification.params().path("requestId")).ifPresent(channel::cancel);
                }
            }
            case MessageCodec.Decoded.Ok(Message.Response response) -> {}
            case MessageCodec.Decoded.Batch batch -> {}
        }
        answer(Reply.accepted());
        return decoded;
    }

    @Override
    public void send(Message.Request request) throws IOException {
        outbox.write(() -> channel.send(request));
    }

    @Override
    public void offer(Message.Notification notification) {
        outbox.offer(notification);
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        outbox.deliver(notification);
    }

    /** Before the message was taken, this is the answer to the POST. */
    @Override
    public void reply(Reply reply) {
        if (answer(reply)) {
            outbox.abandon();
            return;
        }
        finish(reply.message() == null ? List.of() : List.of(reply.message()));
    }

    @Override
    public void replyAll(List<Message.Response> responses) {
        finish(responses);
    }

    private void finish(List<Message.Response> responses) {
        outbox.finish(() -> {
            // The id is free before the answer can be read, for who reads it may use the id again at once.
            free();
            for (Message.Response response : responses) {
                channel.write(HttpExchange.encode(response));
            }
        });
    }

    @Override
    public void onGone(Runnable action) {
        outbox.onGone(action);
    }

    /** The client does not wait for it any more. */
    void cancel() {
        free();
        outbox.abandon();
    }

    /** The endpoint has failed: that must not leave the client waiting. */
    void failed() {
        reply(new Reply(
                new Message.Failure(id, JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "Internal error")),
                500,
                Map.of()));
    }

    /** The endpoint has returned. */
    void handled() {
        if (entered) {
            channel.leave();
        }
        free();
        answer(StreamableHttp.INTERNAL_ERROR);
    }

    private void free() {
        if (id != null) {
            channel.done(id, this);
        }
    }

    /** Waits for what the POST is to be answered. */
    Answer awaitAnswer() {
        return answer.join();
    }

    private void reject(Rejection rejection) {
        answer.complete((writer, rest) -> writer.rejection(rejection, rest));
    }

    private boolean answer(Reply reply) {
        return answer.complete((writer, rest) -> writer.whole(
                reply.status(),
                reply.headers(),
                reply.message() == null ? null : MessageCodec.encode(reply.message()),
                rest));
    }

    private void write(Message.Notification notification) throws IOException {
        byte[] json;
        try {
            json = MessageCodec.encode(notification);
        } catch (RuntimeException e) {
            LOG.error("The notification {} cannot be written as JSON and is left out", notification.method(), e);
            return;
        }
        channel.write(json);
    }
}
