package dev.mortise.examples.production.account;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/** A message that comes from inside a call, from where that call came: whoever made it is asked for again. */
final class Rehearsal implements Exchange {
    private final Origin origin;
    private final byte[] message;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    Rehearsal(Origin origin, String method, ObjectNode params) {
        this.origin = origin;
        this.message = MessageCodec.encode(new Message.Request(RequestId.of(1), method, params));
    }

    /** What was answered; empty if nothing was. Asked when the exchange is over. */
    Optional<Message.Response> answer() {
        return reply.isDone() ? Optional.ofNullable(reply.join().message()) : Optional.empty();
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public Optional<byte[]> receive() {
        return Optional.of(message);
    }

    @Override
    public boolean acceptsEvents() {
        return false;
    }

    @Override
    public void offer(Message.Notification notification) {
        // Nobody listens.
    }

    @Override
    public void deliver(Message.Notification notification) {
        // Nobody listens.
    }

    @Override
    public void reply(Reply answer) {
        reply.complete(answer);
    }

    @Override
    public void onGone(Runnable action) {
        // It is here, and waits.
    }
}
