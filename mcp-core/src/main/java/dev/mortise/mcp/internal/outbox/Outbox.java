package dev.mortise.mcp.internal.outbox;

import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back of one exchange: notifications first, the end last, one writer at a time. Offering never blocks: a
 * virtual thread writes what was offered, newer progress takes the place of progress that was not written yet, and
 * beyond a bound the newest is dropped. An exchange that only replies costs no thread and no queue.
 *
 * <p>Notifications are never written on the thread of a handler, so that interrupting a handler cannot tear a
 * half-written message; only {@link #finish} and {@link #whenIdle} write on the thread that calls them.
 */
public final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    /** Writes to the peer, blocking; never called by two threads at once. */
    @FunctionalInterface
    public interface Sink {
        void write(Message.Notification notification) throws IOException;
    }

    /** A write that is no notification: the end, or a sign of life. */
    @FunctionalInterface
    public interface Last {
        void write() throws IOException;
    }

    private final Sink sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Backlog backlog = new Backlog();
    private final List<Runnable> goneActions = new ArrayList<>(0);
    private boolean writing;
    private boolean closing;
    private boolean ended;
    private boolean gone;

    public Outbox(Sink sink) {
        this.sink = sink;
    }

    /** @param onGone runs, once, when the peer is found to be gone before the end was written */
    public Outbox(Sink sink, Runnable onGone) {
        this(sink);
        goneActions.add(onGone);
    }

    /** Queues a notification, to be written soon. */
    public void offer(Message.Notification notification) {
        lock.lock();
        try {
            if (!closing && !gone && backlog.offer(notification)) {
                ensureWriter();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes a notification after what was offered before it, and returns when that is done.
     *
     * @throws InterruptedIOException if this thread is interrupted while it waits; its interrupt flag stays set
     * @throws IOException if the peer is gone, or the end was asked for before
     */
    public void deliver(Message.Notification notification) throws IOException {
        lock.lock();
        try {
            if (closing || gone) {
                throw new IOException(gone ? "The peer is gone" : "The exchange has ended");
            }
            Backlog.Entry mine = backlog.await(notification);
            ensureWriter();
            awaitWritten(mine);
        } finally {
            lock.unlock();
        }
    }

    private void awaitWritten(Backlog.Entry entry) throws IOException {
        try {
            while (!entry.written && !gone) {
                changed.await();
            }
        } catch (InterruptedException e) {
            backlog.remove(entry);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while a notification waited for a slow reader");
        }
        if (!entry.written) {
            throw new IOException("The peer is gone");
        }
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
            if (closing) {
                return false;
            }
            closing = true;
            while ((writing || !backlog.isEmpty()) && !gone) {
                changed.awaitUninterruptibly();
            }
            if (gone) {
                return false;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        try {
            write(last, true);
            return true;
        } catch (IOException e) {
            LOG.debug("The peer went away while the end was written", e);
            return false;
        }
    }

    /**
     * Runs a write of its own after all that was offered before it, and returns when that is done.
     *
     * @throws IOException if the peer is gone, or the end was asked for before
     */
    public void write(Last write) throws IOException {
        lock.lock();
        try {
            while ((writing || !backlog.isEmpty()) && !gone && !closing) {
                changed.awaitUninterruptibly();
            }
            if (closing || gone) {
                throw new IOException(gone ? "The peer is gone" : "The exchange has ended");
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        write(write, false);
    }

    /** Runs a write of its own, such as a heartbeat, if nothing is being written and the end has not come. */
    public void whenIdle(Last write) throws IOException {
        lock.lock();
        try {
            if (writing || closing || gone) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        write(write, false);
    }

    /** Runs the action, once, when the peer goes away before the end; at once if it is gone already. */
    public void onGone(Runnable action) {
        lock.lock();
        try {
            if (!gone) {
                if (!ended) {
                    goneActions.add(action);
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        runQuietly(action);
    }

    /** Nobody reads any more: what waits is dropped and writers are turned away. Does nothing after the end. */
    public void abandon() {
        List<Runnable> actions;
        lock.lock();
        try {
            if (gone || ended) {
                return;
            }
            gone = true;
            backlog.clear();
            changed.signalAll();
            actions = List.copyOf(goneActions);
            goneActions.clear();
        } finally {
            lock.unlock();
        }
        actions.forEach(Outbox::runQuietly);
    }

    /**
     * Waits until the end was written or the peer is gone, and no write is under way any more. An interrupt counts
     * as the peer having gone.
     */
    public void awaitEnd() {
        boolean interrupted = false;
        lock.lock();
        try {
            while (!ended && !gone) {
                changed.await();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            abandon();
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            while (writing) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void ensureWriter() {
        if (!writing) {
            // Started first: were there no thread to be had, nobody must believe in a writer.
            startDraining();
            writing = true;
        }
    }

    private void startDraining() {
        Thread.ofVirtual().name("mortise-outbox").start(this::drain);
    }

    private void drain() {
        boolean clean = false;
        try {
            for (Backlog.Entry next = next(null); next != null; next = next(next)) {
                sink.write(next.notification);
            }
            clean = true;
        } catch (IOException e) {
            LOG.debug("The peer went away while a notification was written", e);
        } catch (RuntimeException e) {
            LOG.warn("A notification could not be written; the exchange is given up", e);
        } finally {
            if (!clean) {
                abandon();
                release(false);
            }
        }
    }

    /** Notes what was written; the next to write, or null when there is none, and then this thread stops writing. */
    private Backlog.@Nullable Entry next(Backlog.@Nullable Entry done) {
        lock.lock();
        try {
            Backlog.Entry next = backlog.poll();
            writing = next != null;
            if (done != null && done.awaited) {
                done.written = true;
                changed.signalAll();
            } else if (next == null) {
                changed.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Writes on this thread, which is the writer now. A pending interrupt is kept away from the container's I/O. */
    private void write(Last write, boolean isEnd) throws IOException {
        boolean interrupted = Thread.interrupted();
        boolean clean = false;
        try {
            write.write();
            clean = true;
        } finally {
            if (!clean) {
                abandon();
            }
            release(clean && isEnd);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives up being the writer; what was offered meanwhile gets a thread. */
    private void release(boolean wroteTheEnd) {
        lock.lock();
        try {
            if (wroteTheEnd && !gone) {
                ended = true;
                goneActions.clear();
            }
            writing = false;
            changed.signalAll();
            if (!backlog.isEmpty()) {
                ensureWriter();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whatever an action throws, those after it run, and the writer is released. */
    private static void runQuietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("An action for a sender that went away failed", e);
        }
    }
}
