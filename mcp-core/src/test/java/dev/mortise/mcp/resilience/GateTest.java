package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.internal.resilience.Gate;
import dev.mortise.mcp.internal.resilience.Gate.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
    private static final long LATE = Long.MAX_VALUE / 2;

    private final ManualTicker time = new ManualTicker();
    private final Gate gate = new Gate(Bulkhead.of(1).queue(2, Duration.ofSeconds(3)), time);
    private final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();

    private Thread wanting(String name, int queuedThen) {
        Thread thread = Thread.startVirtualThread(() -> order.add(name + " " + gate.enter(LATE, () -> false)));
        Eventually.holds(() -> gate.queued() >= queuedThen);
        time.awaitWaiting(queuedThen);
        return thread;
    }

    @Test
    void letsInTheOrderOfComingAndRefusesBeyondItsQueue() throws Exception {
        assertThat(gate.enter(LATE, () -> false)).isEqualTo(Entry.ENTERED);
        Thread a = wanting("a", 1);
        Thread b = wanting("b", 2);
        assertThat(gate.enter(LATE, () -> false)).isEqualTo(Entry.FULL);
        assertThat(gate.tryEnter()).isFalse();

        gate.leave();
        a.join();
        gate.leave();
        b.join();
        gate.leave();

        assertThat(order).containsExactly("a ENTERED", "b ENTERED");
        assertThat(gate.running()).isZero();
    }

    /** Where a waiter that has gone stays in the queue, a place is handed to nobody and lost. */
    @Test
    void whoHasWaitedTooLongIsOutOfTheQueue() throws Exception {
        gate.tryEnter();
        Thread a = wanting("a", 1);
        time.pass(Duration.ofSeconds(3));
        a.join();
        assertThat(order).containsExactly("a FULL");
        assertThat(gate.queued()).isZero();
        gate.leave();
        assertThat(gate.tryEnter()).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitAndStaysKnown() throws Exception {
        gate.tryEnter();
        AtomicInteger interrupted = new AtomicInteger();
        Thread thread = Thread.startVirtualThread(() -> {
            order.add("a " + gate.enter(LATE, () -> false));
            interrupted.set(Thread.currentThread().isInterrupted() ? 1 : -1);
        });
        time.awaitWaiting(1);
        thread.interrupt();
        thread.join();
        assertThat(order).containsExactly("a CANCELLED");
        assertThat(interrupted).hasValue(1);
        assertThat(gate.queued()).isZero();
    }

    @Test
    void noPlaceIsLostWhateverHappensAtOnce() throws Exception {
        Gate busy = new Gate(Bulkhead.of(3).queue(20, Duration.ofMillis(1)), Ticker.system());
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                if (busy.enter(LATE, () -> false) == Entry.ENTERED) {
                    entered.incrementAndGet();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                    busy.leave();
                }
            }));
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                threads.get(ThreadLocalRandom.current().nextInt(threads.size())).interrupt();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(entered.get()).isPositive();
        assertThat(most.get()).isLessThanOrEqualTo(3);
        assertThat(busy.running()).isZero();
        assertThat(busy.queued()).isZero();
    }
}
