package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The GET that opens a stream of {@link HttpSse}: it carries no message, and 202 admits the client. */
final class SseOpening implements Exchange {
    private final HttpHead head;
    private final SseChannel channel;
    private final AtomicBoolean settled = new AtomicBoolean();

    SseOpening(HttpHead head, SseChannel channel) {
        this.head = head;
        this.channel = channel;
    }

    @Override
    public Origin origin() {
        return head;
    }

    @Override
    public Optional<byte[]> receive() {
        return Optional.empty();
    }

    @Override
    public Optional<Channel> channel() {
        return Optional.of(channel);
    }

    @Override
    public void offer(Message.Notification notification) {}

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        throw new IOException("The connection is not open yet");
    }

    @Override
    public void reply(Reply reply) {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        if (reply.status() == Reply.accepted().status()) {
            channel.open();
        } else {
            channel.refuse(reply);
        }
    }

    /** The endpoint has returned: whom it did not admit is not connected. */
    void settle() {
        if (settled.compareAndSet(false, true)) {
            channel.refuse(StreamableHttp.INTERNAL_ERROR);
        }
    }

    @Override
    public void onGone(Runnable action) {
        channel.onClosed(action);
    }
}
