package dev.mortise.mcp.resilience;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes threads whose time is up, a little late. A virtual thread that parks for a certain time tells the JDK's own timer,
 * and once more when it was woken before: both wake that timer's thread, which costs more than most of what is waited for.
 * Nearly nobody who waits for an answer waits until their time is up; here they leave a note, which is looked at if they
 * still wait at the next tick. Thread-safe.
 */
final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    /** How late it may be, in nanoseconds. */
    static final long TICK = 10_000_000;

    /** Ticks without anybody after which the timer's thread ends, so that it keeps nothing of an application alive. */
    private static final int IDLE = 200;

    /** Ticks between two looks for alarms that nobody needs any more. */
    private static final int SWEEP = 100;

    /** A moment to count from: {@link System#nanoTime()} may be near its overflow. */
    private static final long START = System.nanoTime();

    private final AtomicReference<@Nullable Alarm> fresh = new AtomicReference<>();
    private final AtomicBoolean running = new AtomicBoolean();

    /** Somebody who wants to be woken. */
    private static final class Alarm {
        private final long at;
        private volatile @Nullable Thread sleeper;
        private @Nullable Alarm next;

        Alarm(long at, Thread sleeper) {
            this.at = at;
            this.sleeper = sleeper;
        }
    }

    /** Parks the current thread until somebody else wakes it, it is interrupted, or that time has passed. */
    void parkUntil(Object blocker, long nanos) {
        Alarm alarm = new Alarm(nanos, Thread.currentThread());
        Alarm before;
        do {
            before = fresh.get();
            alarm.next = before;
        } while (!fresh.compareAndSet(before, alarm));
        if (isTimed()) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, nanos - System.nanoTime());
        }
        alarm.sleeper = null;
    }

    /** Has started the timer's thread, if there was none. Where the system has no more threads to give, there is none. */
    private boolean isTimed() {
        if (running.get() || !running.compareAndSet(false, true)) {
            return true;
        }
        boolean started = false;
        try {
            // Nothing of whoever happened to come first.
            Thread.ofPlatform()
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .name("mortise-alarms")
                    .start(this::run);
            started = true;
        } catch (OutOfMemoryError e) {
            LOG.error("There is no thread for alarms", e);
        } finally {
            if (!started) {
                running.set(false);
            }
        }
        return started;
    }

    /** Whether the timer's thread lives. */
    boolean isRunning() {
        return running.get();
    }

    private void run() {
        PriorityQueue<Alarm> waiting = new PriorityQueue<>(Comparator.comparingLong(alarm -> alarm.at - START));
        try {
            tick(waiting);
        } catch (Throwable e) {
            // Whoever wakes too early parks again, and starts another timer.
            running.set(false);
            waiting.forEach(alarm -> LockSupport.unpark(alarm.sleeper));
            for (Alarm alarm = fresh.getAndSet(null); alarm != null; alarm = alarm.next) {
                LockSupport.unpark(alarm.sleeper);
            }
            throw e;
        }
    }

    private void tick(PriorityQueue<Alarm> waiting) {
        int idle = 0;
        int ticks = 0;
        while (true) {
            LockSupport.parkNanos(this, TICK);
            boolean came = collect(waiting);
            wake(waiting);
            if (++ticks % SWEEP == 0) {
                waiting.removeIf(alarm -> alarm.sleeper == null);
            }
            idle = came || !waiting.isEmpty() ? 0 : idle + 1;
            if (idle > IDLE) {
                running.set(false);
                // Who came in between has seen a timer that runs.
                if (fresh.get() == null || !running.compareAndSet(false, true)) {
                    return;
                }
            }
        }
    }

    /** @return whether anybody has come */
    private boolean collect(PriorityQueue<Alarm> waiting) {
        Alarm first = fresh.getAndSet(null);
        Alarm alarm = first;
        while (alarm != null) {
            Alarm next = alarm.next;
            alarm.next = null;
            if (alarm.sleeper != null) {
                waiting.add(alarm);
            }
            alarm = next;
        }
        return first != null;
    }

    private static void wake(PriorityQueue<Alarm> waiting) {
        long now = System.nanoTime();
        for (Alarm alarm = waiting.peek(); alarm != null; alarm = waiting.peek()) {
            Thread sleeper = alarm.sleeper;
            if (sleeper != null && now - alarm.at < 0) {
                return;
            }
            waiting.remove();
            LockSupport.unpark(sleeper);
        }
    }
}
