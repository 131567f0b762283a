package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.transport.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What a server in the same process sees of a client as a whole: for a legacy client, its session. Thread-safe. */
final class LocalChannel implements Channel {
    private final Inbox inbox;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> whenClosed = new ArrayList<>();
    private boolean closed;

    LocalChannel(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public void send(Message message) throws IOException {
        if (isClosed()) {
            throw new IOException("The client was closed");
        }
        inbox.received(MessageCodec.encode(message), null);
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onClosed(Runnable action) {
        lock.lock();
        try {
            if (!closed) {
                whenClosed.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** The client is gone; whatever the server does about it, the client does not wait for it. */
    @Override
    public void close() {
        List<Runnable> actions;
        lock.lock();
        try {
            closed = true;
            actions = List.copyOf(whenClosed);
            whenClosed.clear();
        } finally {
            lock.unlock();
        }
        if (!actions.isEmpty()) {
            Thread.ofVirtual().name("mortise-client-local").start(() -> actions.forEach(Runnable::run));
        }
    }
}
