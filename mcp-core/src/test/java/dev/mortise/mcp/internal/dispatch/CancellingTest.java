package dev.mortise.mcp.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CancellingTest {
    private final Cancelling cancelling = new Cancelling(new ReentrantLock());

    @Test
    void interruptsEveryThreadThatRunsTheHandler() throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(2);
        Runnable attempt = () -> {
            cancelling.enter();
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            } finally {
                cancelling.exit();
            }
        };
        Thread first = Thread.startVirtualThread(attempt);
        Thread second = Thread.startVirtualThread(attempt);
        entered.await();

        cancelling.cancel();

        first.join();
        second.join();
        assertThat(interrupted).hasValue(2);
    }

    @Test
    void aThreadThatIsDoneIsLeftAlone() {
        cancelling.enter();
        cancelling.exit();
        cancelling.cancel();
        assertThat(Thread.interrupted()).isFalse();

        cancelling.enter();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        cancelling.exit();
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Hot enough to be compiled, when a plain field would be read once and for all. */
    @Test
    void aHandlerThatOnlyPollsSeesIt() throws Exception {
        CountDownLatch polling = new CountDownLatch(1);
        Thread handler = Thread.ofPlatform().daemon().start(() -> {
            long polls = 0;
            while (!cancelling.isCancelled()) {
                if (++polls == 100_000_000) {
                    polling.countDown();
                }
            }
        });
        polling.await();

        cancelling.cancel();

        handler.join();
    }

    @Test
    void everyActionRunsWhateverOthersThrow() {
        AtomicInteger ran = new AtomicInteger();
        cancelling.onCancel(() -> {
            throw new AssertionError("an action's own");
        });
        cancelling.onCancel(ran::incrementAndGet);
        cancelling.cancel();
        cancelling.cancel();
        cancelling.onCancel(ran::incrementAndGet);
        assertThat(ran).hasValue(2);
    }

    @Test
    void anyNumberOfActionsRunOnceAndInTheOrderInWhichTheyCame() {
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            cancelling.onCancel(() -> ran.add(number));
        }
        assertThat(ran).isEmpty();

        cancelling.cancel();
        cancelling.cancel();

        assertThat(ran).containsExactly(0, 1, 2, 3, 4);
    }
}
