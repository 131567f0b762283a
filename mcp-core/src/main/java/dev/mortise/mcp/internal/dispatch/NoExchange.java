package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.util.Optional;

/** The way back of a call that nobody waits for: what goes there is dropped. */
record NoExchange(Origin origin) implements Exchange {
    @Override
    public Optional<byte[]> receive() {
        return Optional.empty();
    }

    @Override
    public void offer(Message.Notification notification) {}

    @Override
    public void deliver(Message.Notification notification) {}

    @Override
    public void reply(Reply reply) {}

    @Override
    public void onGone(Runnable action) {}
}
