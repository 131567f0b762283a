package dev.mortise.benchmarks;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.util.Objects;
import java.util.Optional;

/** The least that an exchange can be: bytes in, bytes out. */
final class MemoryExchange implements Exchange {
    private static final Origin ORIGIN = new LocalProcess();

    private final byte[] message;
    private byte[] written = {};

    MemoryExchange(byte[] message) {
        this.message = message;
    }

    byte[] written() {
        return written;
    }

    @Override
    public Origin origin() {
        return ORIGIN;
    }

    @Override
    public Optional<byte[]> receive() {
        return Optional.of(message);
    }

    @Override
    public void offer(Message.Notification notification) {
        throw new UnsupportedOperationException("The calls that are measured notify nobody");
    }

    @Override
    public void deliver(Message.Notification notification) {
        offer(notification);
    }

    @Override
    public void reply(Reply reply) {
        written = MessageCodec.encode(Objects.requireNonNull(reply.message()));
    }

    @Override
    public void onGone(Runnable action) {}
}
