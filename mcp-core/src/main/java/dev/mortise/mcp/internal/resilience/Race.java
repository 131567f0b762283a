package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.resilience.Hedge;
import dev.mortise.mcp.resilience.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, or several beside each other, each on a virtual thread of its own, while the caller's thread waits no
 * longer than it has to. The first that succeeds wins; a failure only when no other runs. The losers are stopped.
 */
final class Race<R> implements Runnable {
    /**
     * What a race needs to know, whichever it is.
     *
     * @param hedgeOver runs when a further attempt has really ended, however late
     */
    record Rules(
            Ticker ticker,
            @Nullable Hedge hedge,
            AtomicInteger abandoned,
            BooleanSupplier mayHedge,
            Runnable hedged,
            Runnable hedgeOver) {}

    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("mortise-attempt").factory();

    @SuppressWarnings("rawtypes") // there is no class object of Race<R>
    private static final AtomicIntegerFieldUpdater<Race> RUNNING =
            AtomicIntegerFieldUpdater.newUpdater(Race.class, "running");

    private final Work<R> work;
    private final Rules rules;
    private final Thread waiting = Thread.currentThread();
    private @Nullable Lane first;
    private @Nullable List<Lane> further;
    private volatile int running;
    private volatile boolean cancelled;
    private volatile @Nullable Ended<R> won;
    private volatile @Nullable Ended<R> lost;

    Race(Work<R> work, Rules rules) {
        this.work = work;
        this.rules = rules;
    }

    /** Nobody wants it any more. */
    @Override
    public void run() {
        cancelled = true;
        LockSupport.unpark(waiting);
    }

    /** A thread that attempts it. */
    private final class Lane extends AtomicInteger implements Runnable {
        private static final long serialVersionUID = 1L;
        private static final int RUNS = 0;
        private static final int GIVEN_UP = 1;
        private static final int OVER = 2;

        private final transient Work.Attempted<R> attempt;
        private final boolean beside;

        Lane(Work.Attempted<R> attempt, boolean beside) {
            super(RUNS);
            this.attempt = attempt;
            this.beside = beside;
        }

        @Override
        public void run() {
            Ended<R> ended;
            try {
                ended = attempt.run();
            } catch (Throwable e) {
                ended = new Ended.Threw<>(e, Circuit.Verdict.FAILURE);
            }
            if (getAndSet(OVER) == GIVEN_UP) {
                rules.abandoned.decrementAndGet();
            }
            if (beside) {
                rules.hedgeOver.run();
            }
            if (ended.verdict() == Circuit.Verdict.FAILURE) {
                lost = ended;
            } else {
                won = ended;
            }
            RUNNING.decrementAndGet(Race.this);
            LockSupport.unpark(waiting);
        }

        void giveUp() {
            // Counted before it can be counted off, and not at all if it is over already.
            rules.abandoned.incrementAndGet();
            if (compareAndSet(RUNS, GIVEN_UP)) {
                attempt.stop();
            } else {
                rules.abandoned.decrementAndGet();
            }
        }
    }

    /**
     * Runs it.
     *
     * @param timeout what a late result is told
     * @param own whether that is the policies' own timeout
     * @param due when it is too late; {@link Long#MAX_VALUE} if never
     */
    Ended<R> run(Duration timeout, boolean own, long due) {
        cancelled = work.isCancelled();
        work.onCancel(this);
        start(false, due);
        letRun();
        int extra = rules.hedge == null ? 0 : rules.hedge.extra();
        long hedgeAt = rules.hedge == null ? Long.MAX_VALUE : after(rules.hedge.after());
        try {
            while (true) {
                // In this order: a lane writes its result before it counts itself off.
                boolean idle = running == 0;
                Ended<R> winner = won;
                if (winner != null) {
                    return winner;
                }
                Ended<R> failed = lost;
                if (idle && failed != null) {
                    return failed;
                }
                long now = rules.ticker.nanos();
                if (cancelled || waiting.isInterrupted()) {
                    return new Ended.Cancelled<>();
                }
                if (due != Long.MAX_VALUE && now - due >= 0) {
                    return new Ended.TimedOut<>(timeout, own);
                }
                if (extra > 0 && now - hedgeAt >= 0) {
                    extra--;
                    hedgeAt =
                            now + (rules.hedge == null ? 0 : rules.hedge.after().toNanos());
                    if (rules.mayHedge.getAsBoolean()) {
                        rules.hedged.run();
                        start(true, due);
                    }
                }
                park(extra > 0 ? hedgeAt : due, due);
            }
        } finally {
            if (running > 0) {
                giveUp();
            }
        }
    }

    /**
     * Most handlers are quick, and over before this thread has its turn again: then nobody has to be woken at a certain
     * time, which costs more than all the rest. Nothing but the cost depends on it.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private void letRun() {
        if (waiting.isVirtual()) {
            Thread.yield();
        }
    }

    private long after(Duration duration) {
        return rules.ticker.nanos() + duration.toNanos();
    }

    private void park(long next, long due) {
        long until = due != Long.MAX_VALUE && due - next < 0 ? due : next;
        if (until == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            rules.ticker.parkUntil(until);
        }
    }

    private void start(boolean beside, long due) {
        Lane lane = new Lane(work.attempt(beside, true, due), beside);
        if (first == null) {
            first = lane;
        } else {
            if (further == null) {
                further = new ArrayList<>(2);
            }
            further.add(lane);
        }
        RUNNING.incrementAndGet(this);
        THREADS.newThread(lane).start();
    }

    private void giveUp() {
        if (first != null) {
            first.giveUp();
        }
        if (further != null) {
            further.forEach(Lane::giveUp);
        }
    }
}
