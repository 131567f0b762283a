package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StartupTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final ManualTicker time = new ManualTicker();
    private final Seen seen = new Seen();

    private Component.Builder noting(String name) {
        return Component.named(name).start(() -> log.add("+" + name)).stop(() -> log.add("-" + name));
    }

    private Startup.Builder builder() {
        return Startup.builder().ticker(time).listener(seen);
    }

    @Test
    void tiersStartInOrderAndStopInReverse() {
        Startup startup = builder()
                .component(noting("web").tier(3).build())
                .component(noting("database").tier(1).build())
                .component(noting("index").tier(2).dependsOn("database").build())
                .build();

        startup.start();
        assertThat(log).containsExactly("+database", "+index", "+web");
        assertThat(startup.isComplete()).isTrue();

        startup.close();
        assertThat(log).containsExactly("+database", "+index", "+web", "-web", "-index", "-database");
        assertThat(startup.isRunning("database")).isFalse();
        startup.close();
        assertThat(log).hasSize(6);
    }

    @Test
    void theComponentsOfATierStartSideBySideAndWaitForEachOtherWhereTheyMust() {
        CyclicBarrier both = new CyclicBarrier(2);
        Startup startup = builder()
                .component(Component.named("a").start(both::await).build())
                .component(Component.named("b").start(both::await).build())
                .component(noting("c")
                        .dependsOn("a", "b")
                        .stop(() -> log.add("-c"))
                        .build())
                .build();
        startup.start();
        assertThat(startup.statuses()).extracting(ComponentStatus::state).containsOnly(ComponentStatus.State.RUNNING);
        startup.close();
        assertThat(log).containsExactly("+c", "-c");
    }

    @Test
    void aRequiredOneThatFailsSaysWhichAndWhyAndUndoesWhatHadStarted() {
        Startup startup = builder()
                .component(noting("database").tier(1).build())
                .component(noting("cache")
                        .tier(2)
                        .stop(() -> {
                            log.add("-cache");
                            throw new IOException("still in use");
                        })
                        .build())
                .component(Component.named("index")
                        .tier(3)
                        .start(() -> {
                            throw new IOException("the index is locked");
                        })
                        .build())
                .component(noting("web").tier(4).build())
                .build();

        StartupFailed failed = catchThrowableOfType(StartupFailed.class, startup::start);

        assertThat(failed.component()).isEqualTo("index");
        assertThat(failed).hasMessageContaining("index").hasMessageContaining("the index is locked");
        assertThat(failed).hasCauseInstanceOf(IOException.class);
        assertThat(failed.getSuppressed())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessage("still in use"));
        assertThat(log).containsExactly("+database", "+cache", "-cache", "-database");
        assertThat(startup.isComplete()).isFalse();
        assertThatThrownBy(startup::start).hasMessageContaining("starts once");
    }

    @Test
    void oneThatHangsIsGivenUpAfterItsTimeAndUndoneIfItSucceedsTooLate() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch undone = new CountDownLatch(1);
        Startup startup = builder()
                .component(Component.named("slow")
                        .startTimeout(Duration.ofSeconds(5))
                        .start(() -> uninterruptibly(release))
                        .stop(undone::countDown)
                        .build())
                .build();
        Thread passing = Thread.ofVirtual().start(() -> {
            time.awaitWaiting(1);
            time.pass(Duration.ofSeconds(6));
        });

        StartupFailed failed = catchThrowableOfType(StartupFailed.class, startup::start);

        assertThat(failed).hasMessageContaining("slow").hasMessageContaining("PT5S");
        release.countDown();
        undone.await();
        passing.join();
    }

    private static void uninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anOptionalOneIsLeftOutAndTriedAgainUntilItJoinsWithThoseThatNeedIt() {
        AtomicInteger tries = new AtomicInteger();
        Startup startup = builder()
                .retry(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4), 2, 0))
                .component(noting("database").build())
                .component(Component.named("search")
                        .tier(2)
                        .optional()
                        .startTimeout(Duration.ofDays(1))
                        .start(() -> {
                            if (tries.incrementAndGet() < 4) {
                                throw new IOException("connection refused");
                            }
                        })
                        .build())
                .component(noting("suggestions")
                        .tier(3)
                        .optional()
                        .dependsOn("search")
                        .build())
                .build();

        startup.start();

        assertThat(startup.isComplete()).isTrue();
        assertThat(startup.isRunning("search")).isFalse();
        assertThat(startup.statuses())
                .filteredOn(status -> status.name().equals("suggestions"))
                .singleElement()
                .satisfies(status -> assertThat(status.problem()).contains("search"));
        // Waits of 1, 2 and 4 seconds; the one that needs it is as patient.
        Eventually.holds(() -> {
            time.pass(Duration.ofMillis(50));
            return startup.isRunning("suggestions");
        });
        assertThat(tries).hasValue(4);
        assertThat(seen.events)
                .contains(
                        new ServiceEvent.ComponentFailed("search", false, "connection refused", Duration.ofSeconds(4)));
        startup.close();
        assertThat(log).containsExactly("+database", "+suggestions", "-suggestions", "-database");
    }

    @Test
    void closingEndsTheRetries() {
        AtomicInteger tries = new AtomicInteger();
        Startup startup = builder()
                .component(Component.named("search")
                        .optional()
                        .start(() -> {
                            tries.incrementAndGet();
                            throw new IOException("no");
                        })
                        .build())
                .build();
        startup.start();
        time.awaitWaiting(1);

        startup.close();

        assertThat(time.waiting()).isZero();
        assertThat(tries).hasValue(1);
    }

    @Test
    void oneThatHangsWhenStoppedIsLeftBehind() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Startup startup = builder()
                .component(noting("database").build())
                .component(Component.named("stuck")
                        .tier(2)
                        .stopTimeout(Duration.ofSeconds(3))
                        .stop(() -> uninterruptibly(never))
                        .build())
                .build();
        startup.start();

        Thread closing = Thread.ofVirtual().start(startup::close);
        time.awaitWaiting(1);
        time.pass(Duration.ofSeconds(4));
        closing.join();

        assertThat(log).containsExactly("+database", "-database");
        assertThat(seen.events)
                .anyMatch(event -> event instanceof ServiceEvent.ComponentFailed failed
                        && failed.name().equals("stuck")
                        && failed.reason().contains("PT3S"));
        never.countDown();
    }

    @Test
    void aFailureTellsTheOthersOfItsTierToGiveUp() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch waiting = new CountDownLatch(1);
        Startup startup = builder()
                .component(Component.named("patient")
                        .start(() -> {
                            waiting.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.set(true);
                                throw e;
                            }
                        })
                        .build())
                .component(Component.named("broken")
                        .start(() -> {
                            waiting.await();
                            throw new IOException("broken");
                        })
                        .build())
                .build();

        assertThat(catchThrowableOfType(StartupFailed.class, startup::start).component())
                .isEqualTo("broken");
        Eventually.holds(interrupted::get);
    }

    @Test
    void findsWhatMakesNoSenseWhenItIsBuilt() {
        assertThatThrownBy(() -> Startup.of(
                        noting("a").dependsOn("b").build(),
                        noting("b").dependsOn("a").build()))
                .hasMessage("These components wait for each other: a -> b -> a");
        assertThatThrownBy(() -> Startup.of(noting("a").dependsOn("c").build()))
                .hasMessage("Component a depends on c, which does not exist");
        assertThatThrownBy(() -> Startup.of(
                        noting("a").dependsOn("b").build(), noting("b").tier(2).build()))
                .hasMessageContaining("which starts later");
        assertThatThrownBy(() -> Startup.of(
                        noting("a").dependsOn("b").build(),
                        noting("b").optional().build()))
                .hasMessageContaining("depends on the optional b");
        assertThatThrownBy(() -> Startup.of(noting("a").build(), noting("a").build()))
                .hasMessage("Two components are named a");
    }
}
