package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import java.io.IOException;
import java.util.Optional;

/** The server's side of a {@link Conversation}. What it sends is encoded and decoded on the caller's thread. */
final class MemoryExchange implements Exchange {
    private final Origin origin;
    private final byte[] message;
    private final Conversation conversation;

    MemoryExchange(Origin origin, byte[] message, Conversation conversation) {
        this.origin = origin;
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
    public void offer(Message.Notification notification) {
        conversation.arrive((Message.Notification) throughBytes(notification));
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        if (!conversation.arrive((Message.Notification) throughBytes(notification))) {
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

    private static Message throughBytes(Message message) {
        return switch (MessageCodec.decode(MessageCodec.encode(message))) {
            case MessageCodec.Decoded.Ok ok -> ok.message();
            case MessageCodec.Decoded.Malformed malformed ->
                throw new IllegalStateException("The server wrote an invalid message: " + malformed.error());
        };
    }
}
