package dev.mortise.security.audit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
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

    private final Entry entry;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile @Nullable Thread waiter;

    Pending(Entry entry) {
        this.entry = entry;
    }

    Entry entry() {
        return entry;
    }

    boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN);
    }

    /** After this it is not written, unless it was taken already. */
    void withdraw() {
        state.compareAndSet(State.WAITING, State.WITHDRAWN);
    }

    void written() {
        settle(State.WRITTEN);
    }

    void failed() {
        settle(State.FAILED);
    }

    private void settle(State settled) {
        state.set(settled);
        LockSupport.unpark(waiter);
    }

    private boolean isSettled() {
        State now = state.get();
        return now == State.WRITTEN || now == State.FAILED;
    }

    /** @return whether it is written, as far as is known by then */
    boolean await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        waiter = Thread.currentThread();
        while (!isSettled()) {
            long left = end - System.nanoTime();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return state.get() == State.WRITTEN;
    }
}
