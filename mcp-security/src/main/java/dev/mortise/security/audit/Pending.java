package dev.mortise.security.audit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** An entry on its way into the log. Thread-safe. */
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
    private final CountDownLatch settled = new CountDownLatch(1);

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
        state.set(State.WRITTEN);
        settled.countDown();
    }

    void failed() {
        state.set(State.FAILED);
        settled.countDown();
    }

    /** @return whether it is written, as far as is known by then */
    boolean await(Duration limit) throws InterruptedException {
        return settled.await(limit.toNanos(), TimeUnit.NANOSECONDS) && state.get() == State.WRITTEN;
    }
}
