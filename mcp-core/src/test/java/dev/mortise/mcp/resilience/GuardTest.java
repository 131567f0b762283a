package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mortise.mcp.call.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GuardTest {
    private final ManualTicker time = new ManualTicker();

    private Guard guard(Protection.Builder protection) {
        return Guard.of("rates", protection.build(), time);
    }

    @Test
    void givesWhatTheWorkGivesAndThrowsWhatItThrows() throws Exception {
        Guard guard = guard(Protection.builder().timeout(Duration.ofSeconds(1)).breaker(Breaker.after(1, 1)));
        assertThat(guard.call(() -> "1.08")).isEqualTo("1.08");
        assertThat(guard.<Object>call(() -> null)).isNull();
        assertThatThrownBy(() -> guard.call(() -> {
                    throw new IllegalArgumentException("no such currency");
                }))
                .hasMessage("no such currency");
        assertThat(guard.isDown()).as("the caller's own mistake opens nothing").isFalse();
        assertThatThrownBy(() -> guard.call(() -> {
                    throw new IOException("reset");
                }))
                .hasMessage("reset");
        Unavailable down = catchThrowableOfType(Unavailable.class, () -> guard.call(() -> "never"));
        assertThat(down.refusal())
                .isInstanceOfSatisfying(
                        Refusal.DependencyUnavailable.class,
                        refusal -> assertThat(refusal.dependency()).isEqualTo("rates"));
    }

    /** Before the breaker opens, a client deserves to know as well that it is not the tool that is broken. */
    @Test
    void whatMeansDownIsToldAsUnavailableFromTheFirstCallOn() {
        Guard guard =
                guard(Protection.builder().breaker(Breaker.after(2, 2))).unavailableWhen(IOException.class::isInstance);
        Unavailable first = catchThrowableOfType(
                Unavailable.class,
                () -> guard.call(() -> {
                    throw new IOException("reset by 10.0.0.7");
                }));
        assertThat(first.refusal())
                .isInstanceOfSatisfying(
                        Refusal.DependencyUnavailable.class,
                        refusal -> assertThat(refusal.dependency()).isEqualTo("rates"));
        assertThat(first).hasMessage("rates failed").hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> guard.call(() -> {
                    throw new IllegalStateException("a bug");
                }))
                .as("anything else stays what it is")
                .hasMessage("a bug");
        assertThat(guard.isDown()).as("both count").isTrue();
    }

    @Test
    void aTimeOutInterruptsAndDoesNotWait() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Guard guard = guard(Protection.builder().timeout(Duration.ofSeconds(2)));
        Thread.startVirtualThread(() -> {
            // Work that is given up before it began is never done.
            Eventually.holds(() -> began.getCount() == 0);
            time.awaitWaiting(1);
            time.pass(Duration.ofSeconds(2));
        });
        Unavailable late = catchThrowableOfType(
                Unavailable.class,
                () -> guard.call(() -> {
                    began.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return "";
                }));
        assertThat(late.refusal()).isEqualTo(new Refusal.TimedOut(Duration.ofSeconds(2)));
        Eventually.holds(() -> interrupted.getCount() == 0 && guard.status().abandoned() == 0);
        assertThat(guard.status().timeouts()).isEqualTo(1);
    }

    @Test
    void workThatIgnoresItsInterruptIsCountedAndBounded() throws Exception {
        Guard guard = guard(Protection.builder().timeout(Duration.ofSeconds(1)).maxAbandoned(2));
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 1; i <= 2; i++) {
            CountDownLatch started = new CountDownLatch(1);
            Thread.startVirtualThread(() -> {
                time.awaitWaiting(1);
                Eventually.holds(() -> started.getCount() == 0);
                time.pass(Duration.ofSeconds(1));
            });
            assertThatThrownBy(() -> guard.call(() -> stubborn(started, release)))
                    .isInstanceOf(Unavailable.class);
            assertThat(guard.status().abandoned()).isEqualTo(i);
        }
        assertThatThrownBy(() -> guard.call(() -> "refused at once")).hasMessage("rates is down");
        release.countDown();
        Eventually.holds(() -> guard.status().abandoned() == 0);
        assertThat(guard.call(() -> "again")).isEqualTo("again");
    }

    private static String stubborn(CountDownLatch started, CountDownLatch release) {
        started.countDown();
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                // As a driver would that knows better.
            }
        }
        return "at last";
    }

    @Test
    void triesAgainWithWaitsInBetween() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Guard guard = guard(Protection.builder()
                .retry(new Retry(3, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(9), 2, 0))));
        Thread.startVirtualThread(() -> {
            for (int wait = 1; wait <= 2; wait++) {
                time.awaitWaiting(1);
                time.pass(Duration.ofSeconds(wait));
                int done = wait + 1;
                Eventually.holds(() -> tries.get() == done);
            }
        });
        String result = guard.call(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new IOException("reset");
            }
            return "third";
        });
        assertThat(result).isEqualTo("third");
        assertThat(guard.status().retries()).isEqualTo(2);
    }

    /** A dependency that fails all the time is not called three times as often for that. */
    @Test
    void retriesAreBudgeted() {
        AtomicInteger tries = new AtomicInteger();
        Guard guard = Guard.of(
                "rates",
                Protection.builder()
                        .retry(new Retry(3, new Backoff(Duration.ofNanos(1), Duration.ofNanos(1), 1, 0)))
                        .build());
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> guard.call(() -> {
                        tries.incrementAndGet();
                        throw new IOException("down");
                    }))
                    .hasMessage("down");
        }
        assertThat(tries).hasValue(110);
    }

    @Test
    void aHedgeOvertakesASlowAttemptAndTheLoserIsInterrupted() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch loserStopped = new CountDownLatch(1);
        Guard guard = guard(Protection.builder().hedge(Hedge.after(Duration.ofMillis(50))));
        Thread.startVirtualThread(() -> {
            time.awaitWaiting(1);
            time.pass(Duration.ofMillis(50));
        });
        String answer = guard.call(() -> {
            if (attempts.incrementAndGet() > 1) {
                return "hedge";
            }
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                loserStopped.countDown();
            }
            return "first";
        });
        assertThat(answer).isEqualTo("hedge");
        loserStopped.await();
        assertThat(guard.status().hedges()).isEqualTo(1);
    }

    /** What leaks once in a thousand brings a server down in a day. */
    @Test
    void nothingIsLeftAfterAThousandTimeoutsHedgesAndInterrupts() throws Exception {
        AtomicInteger alive = new AtomicInteger();
        Guard guard = Guard.of(
                "rates",
                Protection.builder()
                        .timeout(Duration.ofMillis(5))
                        .hedge(Hedge.after(Duration.ofMillis(1)))
                        .bulkhead(Bulkhead.of(20).queue(2_000, Duration.ofSeconds(30)))
                        .maxAbandoned(10_000)
                        .build());
        // A crowd leaves no place in the bulkhead for hedges, so some come before it, alone.
        Eventually.holds(() -> {
            assertThatThrownBy(() -> guard.call(() -> {
                        new CountDownLatch(1).await();
                        return "";
                    }))
                    .isInstanceOf(Unavailable.class);
            return guard.status().hedges() > 0;
        });
        List<Thread> callers = new ArrayList<>();
        AtomicInteger timedOut = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    guard.call(() -> {
                        alive.incrementAndGet();
                        try {
                            new CountDownLatch(1).await();
                            return "";
                        } finally {
                            alive.decrementAndGet();
                        }
                    });
                } catch (Unavailable e) {
                    timedOut.incrementAndGet();
                } catch (Exception e) {
                    // interrupted
                }
            }));
            if (i % 10 == 0) {
                callers.get(i).interrupt();
            }
        }
        for (Thread caller : callers) {
            caller.join();
        }
        Eventually.holds(() -> alive.get() == 0
                && guard.status().abandoned() == 0
                && guard.status().running() == 0
                && guard.status().queued() == 0);
        assertThat(timedOut.get()).isGreaterThan(800);
    }

    @Test
    void contradictionsAreFoundWhenItIsBuilt() {
        assertThatThrownBy(() -> Protection.builder()
                        .timeout(Duration.ofMillis(10))
                        .hedge(Hedge.after(Duration.ofMillis(10)))
                        .build())
                .hasMessageContaining("never begins");
        assertThatThrownBy(() -> guard(Protection.builder().fallback(Fallback.value("x"))))
                .hasMessageContaining("catch Unavailable");
        assertThatThrownBy(() -> new Bulkhead(1, 5, Duration.ZERO)).hasMessageContaining("maxWait");
        assertThatThrownBy(() -> new Breaker(5, 3, Duration.ofSeconds(1), 1)).hasMessageContaining("outOf");
        assertThatThrownBy(() -> Retry.upTo(1)).hasMessageContaining("attempts");
    }
}
