package dev.mortise.mcp.internal.outbox;

import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way back of one exchange: notifications first, the end last, one writer at a time. Offering never blocks: a
 * virtual thread writes what was offered, newer progress takes the place of progress that was not written yet, and
 * beyond a bound the newest is dropped. An exchange that only replies costs no thread and no queue.
 */
public final class Outbox {
    /** How many notifications wait at the most for a slow reader. */
    static final int CAPACITY = 256;

    private static final String PROGRESS = "notifications/progress";

    /** Writes to the peer, blocking; never called by two threads at once. */
    @FunctionalInterface
    public interface Sink {
        void write(Message.Notification notification) throws IOException;
    }

    /** The last thing that is written. */
    @FunctionalInterface
    public interface Last {
        void write() throws IOException;
    }

    private final Sink sink;
    private final Runnable onGone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Deque<Message.Notification> waiting = new ArrayDeque<>(0);
    private boolean writing;
    private boolean finished;
    private boolean gone;

    /** @param onGone runs, once, when a write fails: the peer is gone */
    public Outbox(Sink sink, Runnable onGone) {
        this.sink = sink;
        this.onGone = onGone;
    }

    /** Queues a notification, to be written soon. */
    public void offer(Message.Notification notification) {
        lock.lock();
        try {
            if (finished || gone) {
                return;
            }
            if (notification.method().equals(PROGRESS)) {
                dropOlderProgress();
            }
            if (waiting.size() >= CAPACITY) {
                return;
            }
            waiting.add(notification);
            if (!writing) {
                writing = true;
                Thread.ofVirtual().name("mortise-outbox").start(this::drain);
            }
        } finally {
            lock.unlock();
        }
    }

    private void dropOlderProgress() {
        for (Iterator<Message.Notification> it = waiting.descendingIterator(); it.hasNext(); ) {
            if (it.next().method().equals(PROGRESS)) {
                it.remove();
                return;
            }
        }
    }

    /** Writes a notification after what was offered before it, and returns when that is done. */
    public void deliver(Message.Notification notification) throws IOException {
        exclusively(() -> sink.write(notification));
    }

    /**
     * Writes the last thing after all that was offered; nothing is written after that. Does nothing if the peer is
     * gone, or if this was done before.
     *
     * @return whether it was written
     */
    public boolean finish(Last last) {
        lock.lock();
        try {
            if (finished) {
                return false;
            }
            finished = true;
        } finally {
            lock.unlock();
        }
        try {
            exclusively(last);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs a write of its own, such as a heartbeat, if nothing is being written and the end has not come. */
    public void whenIdle(Last write) throws IOException {
        lock.lock();
        try {
            if (writing || finished || gone) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        guarded(write);
    }

    /** Nobody reads any more: what waits is dropped and writers are turned away. */
    public void abandon() {
        lock.lock();
        try {
            if (gone) {
                return;
            }
            gone = true;
            waiting.clear();
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        onGone.run();
    }

    private void exclusively(Last write) throws IOException {
        lock.lock();
        try {
            while ((writing || !waiting.isEmpty()) && !gone) {
                idle.awaitUninterruptibly();
            }
            if (gone) {
                throw new IOException("The peer is gone");
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        guarded(write);
    }

    private void guarded(Last write) throws IOException {
        try {
            write.write();
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        } finally {
            release();
        }
    }

    private void drain() {
        try {
            for (Message.Notification next = next(); next != null; next = next()) {
                sink.write(next);
            }
        } catch (IOException | RuntimeException e) {
            // A notification that cannot be written leaves the stream in an unknown state: the peer is as good as gone.
            abandon();
            release();
        }
    }

    /** The next notification; null when there is none, and then this thread is no longer the writer. */
    private Message.@Nullable Notification next() {
        lock.lock();
        try {
            Message.Notification next = waiting.poll();
            if (next == null) {
                writing = false;
                idle.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Gives up being the writer; what was offered meanwhile gets a thread. */
    private void release() {
        lock.lock();
        try {
            if (!waiting.isEmpty() && !gone) {
                Thread.ofVirtual().name("mortise-outbox").start(this::drain);
                return;
            }
            writing = false;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
