package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The server's side of a {@link Conversation}. What it sends is encoded and decoded on the caller's thread. */
final class MemoryExchange implements Exchange {
    private final Origin origin;
    private final byte[] message;
    private final Conversation conversation;
    private final Channel channel;

    MemoryExchange(Origin origin, Channel channel, byte[] message, Conversation conversation) {
        this.origin = origin;
        this.channel = channel;
        this.message = message;
        this.conversation = conversation;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        if (!conversation.presence().waiting()) {
            throw new IOException("The test has cancelled the message");
        }
        return Optional.of(message);
    }

    @Override
    public Optional<Channel> channel() {
        return origin instanceof LocalProcess ? Optional.of(channel) : Optional.empty();
    }

    @Override
    public void send(Message.Request request) throws IOException {
        if (!conversation.arrive(throughBytes(request))) {
            throw new IOException("Nobody waits for a request any more");
        }
    }

    /** A stream's events are what is in them; a response among them is the end. */
    @Override
    public void deliver(StreamEvent event) throws IOException {
        boolean taken = event.id() == null || conversation.passed(event.id());
        if (taken && event.data().length > 0) {
            taken = conversation.arrive(decoded(event.data()));
        }
        if (!taken) {
            throw new IOException("Nobody waits for an event any more");
        }
    }

    @Override
    public void replyAll(List<Message.Response> responses) {
        responses.forEach(response -> conversation.arrive(throughBytes(response)));
        conversation.answer(Reply.silence());
    }

    @Override
    public void offer(Message.Notification notification) {
        conversation.arrive(throughBytes(notification));
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        if (!conversation.arrive(throughBytes(notification))) {
            throw new IOException("Nobody waits for a notification any more");
        }
    }

    @Override
    public void reply(Reply reply) {
        Message.Response written = reply.message();
        Message.Response read = written == null ? null : (Message.Response) throughBytes(written);
        conversation.answer(new Reply(read, reply.status(), reply.headers()));
    }

    @Override
    public void onGone(Runnable action) {
        conversation.presence().onGone(action);
    }

    static Message throughBytes(Message message) {
        return decoded(MessageCodec.encode(message));
    }

    private static Message decoded(byte[] json) {
        return switch (MessageCodec.decode(json)) {
            case MessageCodec.Decoded.Ok ok -> ok.message();
            case MessageCodec.Decoded.Batch batch -> throw new IllegalStateException("The server wrote a batch");
            case MessageCodec.Decoded.Malformed malformed ->
                throw new IllegalStateException("The server wrote an invalid message: " + malformed.error());
        };
    }
}
