package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The connection of an {@link InMemoryTransport}. */
final class MemoryChannel implements Channel {
    private final BlockingQueue<Message> sent = new LinkedBlockingQueue<>();
    private final Presence presence = new Presence();

    @Override
    public void send(Message message) throws IOException {
        if (!presence.waiting()) {
            throw new IOException("The test has closed the connection");
        }
        sent.add(MemoryExchange.throughBytes(message));
    }

    @Override
    public void onClosed(Runnable action) {
        presence.onGone(action);
    }

    Message take(Duration limit) {
        try {
            Message next = sent.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new IllegalStateException("The server sent nothing unasked within " + limit);
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a message", e);
        }
    }

    @Override
    public void close() {
        presence.vanish(Runnable::run);
    }
}
