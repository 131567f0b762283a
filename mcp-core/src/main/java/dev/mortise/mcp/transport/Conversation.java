package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through an {@link InMemoryTransport}, and what has come back so far. Closing it cancels it,
 * unless it was answered. Thread-safe.
 *
 * <p>Every wait ends with an {@link IllegalStateException} when nothing comes in time, when the handler fails, or
 * when what is waited for cannot come any more.
 */
public final class Conversation implements AutoCloseable {
    private final Duration timeout;
    private final Presence presence = new Presence();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Message.Notification> notifications = new ArrayList<>();
    private final List<Message.Request> requests = new ArrayList<>();
    private final List<Message.Response> streamed = new ArrayList<>();
    private int taken;
    private int requestsTaken;
    private @Nullable String lastEventId;
    private @Nullable Reply reply;
    private boolean cancelled;
    private boolean handled;
    private @Nullable Throwable failure;

    private Conversation(Duration timeout) {
        this.timeout = timeout;
    }

    static Conversation start(
            Consumer<Exchange> handler, Origin origin, Channel channel, byte[] message, Duration timeout) {
        var conversation = new Conversation(timeout);
        var exchange = new MemoryExchange(origin, channel, message.clone(), conversation);
        Thread.ofVirtual().name("mortise-in-memory").start(() -> conversation.handle(handler, exchange));
        return conversation;
    }

    /** Waits for the next notification that was not taken yet. */
    public Message.Notification next() {
        return next(timeout);
    }

    /** As {@link #next()}, but waits no longer than this. */
    public Message.Notification next(Duration limit) {
        lock.lock();
        try {
            await(limit, "notification", () -> notifications.size() > taken || isOver());
            if (notifications.size() == taken) {
                throw new IllegalStateException("No notification comes any more: " + state(), failure);
            }
            return notifications.get(taken++);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next request that the server puts to a legacy client meanwhile. */
    public Message.Request nextRequest() {
        lock.lock();
        try {
            await(timeout, "request", () -> requests.size() > requestsTaken || isOver());
            if (requests.size() == requestsTaken) {
                throw new IllegalStateException("No request comes any more: " + state(), failure);
            }
            return requests.get(requestsTaken++);
        } finally {
            lock.unlock();
        }
    }

    /** The responses that came as events of a stream, or in a batch. */
    public List<Message.Response> responses() {
        lock.lock();
        try {
            return List.copyOf(streamed);
        } finally {
            lock.unlock();
        }
    }

    /** The id of the last event of a stream, from which it can be resumed. */
    public Optional<String> lastEventId() {
        lock.lock();
        try {
            return Optional.ofNullable(lastEventId);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the message is answered and its handler has returned; gives everything since the beginning. */
    public Received end() {
        return end(timeout);
    }

    /** As {@link #end()}, but waits no longer than this. */
    public Received end(Duration limit) {
        lock.lock();
        try {
            await(limit, "reply", () -> (reply != null && handled) || failure != null || cancelled);
            if (reply == null || failure != null) {
                throw new IllegalStateException("There is no good end: " + state(), failure);
            }
            return new Received(reply, notifications);
        } finally {
            lock.unlock();
        }
    }

    /** All notifications that have come so far; does not wait. */
    public List<Message.Notification> notifications() {
        lock.lock();
        try {
            return List.copyOf(notifications);
        } finally {
            lock.unlock();
        }
    }

    /** The reply, if it has come; does not wait. */
    public Optional<Reply> reply() {
        lock.lock();
        try {
            return Optional.ofNullable(reply);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Goes away without waiting for the reply, as a client does that closes the stream or sends
     * {@code notifications/cancelled}. When this returns, what the server asked for with {@link Exchange#onGone} has
     * run. Does nothing after the reply.
     */
    public void cancel() {
        List<Runnable> actions = new ArrayList<>();
        lock.lock();
        try {
            if (presence.vanish(actions::add)) {
                cancelled = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** As {@link #cancel()}. */
    @Override
    public void close() {
        cancel();
    }

    Presence presence() {
        return presence;
    }

    /** A message comes; {@code false} if nobody waits for it any more. */
    boolean arrive(Message message) {
        lock.lock();
        try {
            if (!presence.waiting()) {
                return false;
            }
            switch (message) {
                case Message.Notification notification -> notifications.add(notification);
                case Message.Request request -> requests.add(request);
                case Message.Response response -> streamed.add(response);
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** An event of a stream goes by; {@code false} if nobody waits for it any more. */
    boolean passed(String eventId) {
        lock.lock();
        try {
            lastEventId = eventId;
            changed.signalAll();
            return presence.waiting();
        } finally {
            lock.unlock();
        }
    }

    /** The reply comes; only the first counts. */
    void answer(Reply given) {
        lock.lock();
        try {
            if (presence.answer()) {
                boolean byStream = given.message() == null && !streamed.isEmpty();
                reply = byStream ? Reply.of(streamed.get(streamed.size() - 1)) : given;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void handle(Consumer<Exchange> handler, Exchange exchange) {
        Throwable thrown = null;
        try {
            handler.accept(exchange);
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        lock.lock();
        try {
            handled = true;
            failure = thrown;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration limit, String what, BooleanSupplier there) {
        long left = limit.toNanos();
        try {
            while (!there.getAsBoolean()) {
                if (left <= 0) {
                    throw new IllegalStateException("No " + what + " came within " + limit + ": " + state());
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a " + what, e);
        }
    }

    private boolean isOver() {
        return reply != null || cancelled || failure != null;
    }

    /** What a developer whose test failed wants to know. */
    private String state() {
        return "cancelled: " + cancelled + ", handler returned: " + handled + ", handler failed: " + (failure != null)
                + ", reply: " + reply + ", notifications: " + notifications;
    }
}
