package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.server.ServerEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a session is still to be told. The same change twice is told once, so a slow reader holds little,
 * and loses nothing. One reader at a time: a new one sends the one before it away. Thread-safe.
 */
final class Feed {
    private static final int MAX_WAITING = 1_000;

    private final Set<ServerEvent> waiting = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Object reader;
    private boolean closed;

    void put(ServerEvent event) {
        lock.lock();
        try {
            if (!closed && waiting.size() < MAX_WAITING) {
                waiting.add(event);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes this the reader; false if the feed is closed. */
    boolean attach(Object newReader) {
        lock.lock();
        try {
            reader = closed ? null : newReader;
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    void detach(Object oldReader) {
        lock.lock();
        try {
            if (oldReader.equals(reader)) {
                reader = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isRead() {
        lock.lock();
        try {
            return reader != null;
        } finally {
            lock.unlock();
        }
    }

    boolean isReader(Object candidate) {
        lock.lock();
        try {
            return candidate.equals(reader);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next; {@code null} if none came in that time, or this is the reader no more. */
    @Nullable
    ServerEvent take(Object by, Duration atMost) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (by.equals(reader) && waiting.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return by.equals(reader) ? poll() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reader = null;
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ServerEvent poll() {
        if (waiting.isEmpty()) {
            return null;
        }
        ServerEvent next = waiting.iterator().next();
        waiting.remove(next);
        return next;
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            reader = null;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
