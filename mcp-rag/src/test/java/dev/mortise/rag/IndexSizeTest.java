package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IndexSizeTest {
    private final AtomicLong time = new AtomicLong(7);
    private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final IndexSize size = new IndexSize(
            () -> {
                asked.incrementAndGet();
                try {
                    long answer = answers.take();
                    if (answer < 0) {
                        throw new IllegalStateException("The database is away");
                    }
                    return answer;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            },
            time::get);

    @Test
    void nobodyWaitsForAStoreThatDoesNotAnswer() {
        assertThat(size.getAsDouble()).isNaN();
        assertThat(size.getAsDouble()).isNaN();
        awaitAsked(1);
        time.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(size.getAsDouble()).isNaN();
        assertThat(asked).as("one question at a time").hasValue(1);
        answers.add(5L);
        awaitKnown(5);
    }

    @Test
    void asksAgainWhenWhatItKnowsIsOld() {
        answers.add(5L);
        awaitKnown(5);
        assertThat(size.getAsDouble()).isEqualTo(5);
        assertThat(asked).hasValue(1);
        time.addAndGet(Duration.ofMinutes(1).toNanos());
        answers.add(6L);
        awaitKnown(6);
        assertThat(asked).hasValue(2);
    }

    @Test
    void keepsWhatItKnowsWhileTheStoreFails() {
        answers.add(5L);
        awaitKnown(5);
        time.addAndGet(Duration.ofMinutes(1).toNanos());
        answers.add(-1L);
        assertThat(size.getAsDouble()).isEqualTo(5);
        awaitAsked(2);
        assertThat(size.getAsDouble()).isEqualTo(5);
    }

    private void awaitKnown(double expected) {
        while (size.getAsDouble() != expected) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void awaitAsked(int times) {
        while (asked.get() < times) {
            size.getAsDouble();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
