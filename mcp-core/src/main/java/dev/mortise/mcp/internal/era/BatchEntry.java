package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One request that shares an exchange with others, or that does not end when its exchange does: its reply goes
 * elsewhere, everything else is the exchange's.
 */
final class BatchEntry implements Exchange {
    private final Exchange whole;
    private final Consumer<Reply> reply;
    private final boolean endsWithWhole;
    private final AtomicBoolean replied = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> onCancel = new ArrayList<>(1);
    private boolean cancelled;

    private BatchEntry(Exchange whole, boolean endsWithWhole, Consumer<Reply> reply) {
        this.whole = whole;
        this.endsWithWhole = endsWithWhole;
        this.reply = reply;
    }

    /** One of several. */
    static BatchEntry of(Exchange whole, boolean endsWithWhole, Consumer<Reply> reply) {
        return new BatchEntry(whole, endsWithWhole, reply);
    }

    /** The only one; that its sender disconnects does not cancel it (transports: Sending Messages, item 6). */
    static BatchEntry undisturbed(Exchange exchange) {
        return new BatchEntry(exchange, false, exchange::reply);
    }

    @Override
    public Origin origin() {
        return whole.origin();
    }

    @Override
    public Optional<byte[]> receive() throws IOException {
        throw new IOException("The message was received before");
    }

    @Override
    public Optional<Channel> channel() {
        return whole.channel();
    }

    @Override
    public boolean acceptsEvents() {
        return whole.acceptsEvents();
    }

    @Override
    public void offer(Message.Notification notification) {
        whole.offer(notification);
    }

    @Override
    public void deliver(Message.Notification notification) throws IOException {
        whole.deliver(notification);
    }

    @Override
    public void send(Message.Request request) throws IOException {
        whole.send(request);
    }

    @Override
    public void reply(Reply given) {
        if (replied.compareAndSet(false, true)) {
            reply.accept(given);
        }
    }

    @Override
    public void onGone(Runnable action) {
        boolean now;
        lock.lock();
        try {
            now = cancelled;
            if (!now) {
                onCancel.add(action);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
        // Also asked for where nothing comes of it: from then on silence is turned into signs of life.
        whole.onGone(endsWithWhole ? action : () -> {});
    }

    /** The sender wants no answer to this one any more. */
    void cancel() {
        List<Runnable> actions;
        lock.lock();
        try {
            cancelled = true;
            replied.set(true);
            actions = List.copyOf(onCancel);
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }
}
