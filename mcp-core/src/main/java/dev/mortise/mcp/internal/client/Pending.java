package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request that was sent, until it is answered. The first end counts; a second answer changes nothing. */
public final class Pending {
    private static final Duration LISTENERS = Duration.ofSeconds(1);

    private final RequestId id;
    private final String method;
    private final Consumer<Message.Notification> listener;
    private final SerialQueue notices = new SerialQueue();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long begun = System.nanoTime();
    private long lastSign = begun;
    private long heldSince;
    private long heldNanos;
    private int holds;
    private boolean unsent;
    private @Nullable JsonNode result;
    private @Nullable McpException failure;

    Pending(RequestId id, String method, Consumer<Message.Notification> listener) {
        this.id = id;
        this.method = method;
        this.listener = listener;
    }

    public RequestId id() {
        return id;
    }

    String method() {
        return method;
    }

    /** How long this took so far, without the time for which it was held. */
    public Duration elapsed() {
        lock.lock();
        try {
            return Duration.ofNanos(System.nanoTime() - begun - held());
        } finally {
            lock.unlock();
        }
    }

    void complete(JsonNode answer) {
        settle(answer, null);
    }

    /** It was not even sent: the connection was gone before. */
    void failUnsent(McpException why) {
        lock.lock();
        try {
            unsent = true;
        } finally {
            lock.unlock();
        }
        fail(why);
    }

    /** Whether it is certain that the server has never seen this request. */
    boolean isUnsent() {
        lock.lock();
        try {
            return unsent;
        } finally {
            lock.unlock();
        }
    }

    void fail(McpException why) {
        settle(null, why);
    }

    private void settle(@Nullable JsonNode answer, @Nullable McpException why) {
        lock.lock();
        try {
            if (result == null && failure == null) {
                result = answer;
                failure = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    public boolean isSettled() {
        lock.lock();
        try {
            return result != null || failure != null;
        } finally {
            lock.unlock();
        }
    }

    /** A notification that belongs to this request: a sign of life, and something for its listener. */
    void notice(Message.Notification notification) {
        lock.lock();
        try {
            lastSign = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        notices.add(() -> listener.accept(notification), notification.params());
    }

    void hold() {
        lock.lock();
        try {
            if (holds++ == 0) {
                heldSince = System.nanoTime();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            if (--holds == 0) {
                lastSign = System.nanoTime();
                heldNanos += lastSign - heldSince;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long held() {
        return heldNanos + (holds > 0 ? System.nanoTime() - heldSince : 0);
    }

    /** Waits for the end, however long it takes. */
    public JsonNode await() throws InterruptedException {
        lock.lock();
        try {
            while (result == null && failure == null) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        return outcome();
    }

    /**
     * Waits for the answer; what the listeners were told before it, they have been told when this returns.
     *
     * @param silence how long nothing may come; with {@code reset}, counted from the last notification
     * @param total the limit in any case
     * @throws CallTimeoutException if it does not come in time
     */
    public JsonNode await(Duration silence, Duration total, boolean reset) throws InterruptedException {
        lock.lock();
        try {
            while (result == null && failure == null) {
                if (holds > 0) {
                    changed.await();
                    continue;
                }
                long spent = System.nanoTime() - begun - heldNanos;
                long silent = reset ? System.nanoTime() - lastSign : spent;
                if (spent >= total.toNanos()) {
                    throw new CallTimeoutException(method, total);
                }
                if (silent >= silence.toNanos()) {
                    throw new CallTimeoutException(method, silence);
                }
                long left = Math.min(silence.toNanos() - silent, total.toNanos() - spent);
                changed.await(Math.max(left, 1), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
        notices.awaitEmpty(LISTENERS);
        return outcome();
    }

    private JsonNode outcome() {
        lock.lock();
        try {
            if (failure != null) {
                // The stack trace that helps is that of the caller; the one of the thread that read the answer is kept.
                failure.addSuppressed(new Waiting(method));
                throw failure;
            }
            if (result == null) {
                throw new IllegalStateException("not settled");
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Where the caller waited. */
    static final class Waiting extends Exception {
        private static final long serialVersionUID = 1L;

        Waiting(String method) {
            super("waiting for " + method);
        }
    }
}
