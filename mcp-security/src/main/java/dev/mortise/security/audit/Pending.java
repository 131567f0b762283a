package dev.mortise.security.audit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An entry on its way into the log. Thread-safe, but for its being awaited by one thread only. */
final class Pending {
    private enum State {
        WAITING,
        /** In a batch: it may be written from now on, whoever gives up on it. */
        TAKEN,
        WITHDRAWN,
        WRITTEN,
        FAILED
    }

    private static final AtomicReferenceFieldUpdater<Pending, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Pending.class, State.class, "state");

    private final Entry entry;
    private volatile State state = State.WAITING;
    /** Is there from the time on when somebody waits; the deadline is set before. */
    private volatile @Nullable Thread waiter;

    private long deadline;

    Pending(Entry entry) {
        this.entry = entry;
    }

    Entry entry() {
        return entry;
    }

    boolean take() {
        return STATE.compareAndSet(this, State.WAITING, State.TAKEN);
    }

    /** After this it is not written, unless it was taken already. */
    void withdraw() {
        STATE.compareAndSet(this, State.WAITING, State.WITHDRAWN);
    }

    void written() {
        state = State.WRITTEN;
        LockSupport.unpark(waiter);
    }

    /** It is not written, as far as is known; unless that was said before. */
    void failed() {
        if (STATE.compareAndSet(this, State.WAITING, State.FAILED)
                || STATE.compareAndSet(this, State.TAKEN, State.FAILED)) {
            LockSupport.unpark(waiter);
        }
    }

    boolean isWritten() {
        return state == State.WRITTEN;
    }

    private boolean isSettled() {
        State now = state;
        return now == State.WRITTEN || now == State.FAILED;
    }

    /** Wakes whoever has waited for as long as they wanted to. */
    void look(long nanos) {
        Thread waits = waiter;
        if (waits != null && nanos - deadline >= 0) {
            LockSupport.unpark(waits);
        }
    }

    /**
     * Waits. That it does not take longer is seen to by somebody who calls {@link #look} now and then for all who wait: if
     * each of them set an alarm, that would be the most expensive part of waiting.
     *
     * @param limit to the time between two looks
     * @return whether it is written, as far as is known by then
     */
    boolean await(Duration limit) throws InterruptedException {
        deadline = System.nanoTime() + limit.toNanos();
        waiter = Thread.currentThread();
        while (!isSettled()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.park(this);
        }
        return isWritten();
    }
}
