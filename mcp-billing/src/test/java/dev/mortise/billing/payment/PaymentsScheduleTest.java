package dev.mortise.billing.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.store.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several replicas, and each job done by one of them. */
class PaymentsScheduleTest {
    abstract static class Contract {
        private final TestClock clock = new TestClock();
        private final List<JobRun> runs = new CopyOnWriteArrayList<>();
        private final AtomicInteger begun = new AtomicInteger();
        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private PaymentHome home;
        private Payments payments;

        abstract PaymentHome open() throws Exception;

        @BeforeEach
        void start() throws Exception {
            home = open();
            payments = payments(clock);
        }

        @AfterEach
        void stop() throws Exception {
            mayEnd.countDown();
            home.close();
        }

        private Payments payments(Clock time) {
            return Payments.builder(home.database()).clock(time).migrate();
        }

        private PaymentsSchedule replica(Runnable work) {
            PaymentsSchedule replica = PaymentsSchedule.of(payments)
                    .job("work", Duration.ofMinutes(10), work)
                    .onRun(run -> {
                        if (run.job().equals("work")) {
                            runs.add(run);
                        }
                    })
                    .stopped();
            replica.enter();
            return replica;
        }

        private void await() {
            try {
                assertThat(mayEnd.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void ran(PaymentsSchedule replica, int times) {
            Eventually.holds("it ran", () -> runs.size() == times && replica.isIdle());
        }

        @Test
        void oneReplicaDoesItAndKeepsItWhileItTakes() {
            Runnable slow = () -> {
                begun.incrementAndGet();
                await();
            };
            PaymentsSchedule one = replica(slow);
            PaymentsSchedule two = replica(slow);
            one.tick();
            Eventually.holds("it has begun", () -> begun.get() == 1);
            for (int i = 0; i < 6; i++) {
                clock.advance(Duration.ofSeconds(50));
                one.tick();
                two.tick();
            }
            assertThat(begun).hasValue(1);
            mayEnd.countDown();
            ran(one, 1);
            two.tick();
            assertThat(begun).as("not due").hasValue(1);
        }

        @Test
        void anotherDoesItWhenOneDies() {
            PaymentsSchedule dead = replica(() -> {
                begun.incrementAndGet();
                await();
            });
            PaymentsSchedule other = replica(begun::incrementAndGet);
            dead.tick();
            Eventually.holds("it has begun", () -> begun.get() == 1);
            clock.advance(Duration.ofSeconds(119));
            other.tick();
            assertThat(begun).hasValue(1);
            clock.advance(Duration.ofSeconds(1));
            other.tick();
            ran(other, 1);
            assertThat(begun).hasValue(2);
            // Who comes back from the dead does not end what is another's by now.
            mayEnd.countDown();
            ran(dead, 2);
            clock.advance(Duration.ofMinutes(8));
            dead.tick();
            other.tick();
            assertThat(begun).hasValue(2);
        }

        @Test
        void itIsDueAgainAfterItsIntervalGiveOrTakeATenth() {
            PaymentsSchedule one = replica(begun::incrementAndGet);
            one.tick();
            ran(one, 1);
            clock.advance(Duration.ofMinutes(9).minusSeconds(1));
            one.tick();
            assertThat(begun).hasValue(1);
            clock.advance(Duration.ofMinutes(2).plusSeconds(1));
            one.tick();
            ran(one, 2);
        }

        @Test
        void whatFailsIsTriedAgainSoonerAndShows() throws Exception {
            PaymentsSchedule one = replica(() -> {
                if (begun.incrementAndGet() < 4) {
                    throw new IllegalStateException("The disk is full");
                }
            });
            for (int i = 1; i <= 3; i++) {
                one.tick();
                ran(one, i);
                assertThat(runs.getLast().failure()).hasMessage("The disk is full");
                clock.advance(Duration.ofMinutes(12));
            }
            Verdict verdict = one.healthCheck().probe().look();
            assertThat(verdict.ok()).isFalse();
            assertThat(verdict.details()).containsEntry("failures", 3);
            one.tick();
            ran(one, 4);
            assertThat(runs.getLast().failure()).isNull();
            assertThat(one.healthCheck().required()).isFalse();
        }

        @Test
        void healthIsOfAllReplicas() throws Exception {
            PaymentsSchedule one = replica(begun::incrementAndGet);
            PaymentsSchedule other = replica(begun::incrementAndGet);
            clock.advance(Duration.ofMinutes(36));
            assertThat(other.healthCheck().probe().look().ok()).isFalse();
            one.tick();
            ran(one, 1);
            Eventually.holds(
                    "all is well", () -> other.healthCheck().probe().look().ok());
        }

        @Test
        void whatIsOldIsForgottenEveryDay() throws Exception {
            List<String> done = new CopyOnWriteArrayList<>();
            PaymentsSchedule schedule = PaymentsSchedule.of(payments)
                    .books(home.books().clock(clock).migrate())
                    .keepCommands(Duration.ofDays(1))
                    .onRun(run -> {
                        assertThat(run.failure()).isNull();
                        done.add(run.job());
                    })
                    .stopped();
            schedule.enter();
            schedule.tick();
            Eventually.holds("all has run", () -> done.size() == 6);
            assertThat(done).contains("forgetting", "commands");
            assertThatThrownBy(() -> PaymentsSchedule.of(payments).keepCommands(Duration.ofHours(23)))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void itRunsByItselfUntilItIsClosed() throws Exception {
            CountDownLatch twice = new CountDownLatch(2);
            AtomicInteger after = new AtomicInteger();
            PaymentsSchedule schedule = PaymentsSchedule.of(payments(Clock.systemUTC()))
                    .books(home.books().migrate())
                    .job("often", Duration.ofSeconds(1), twice::countDown)
                    .onRun(run -> {
                        assertThat(run.failure()).isNull();
                        after.incrementAndGet();
                    })
                    .start();
            assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
            schedule.close();
            assertThat(schedule.isIdle()).isTrue();
            assertThat(after.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Nested
    class InSqlite extends Contract {
        @TempDir
        Path directory;

        @Override
        PaymentHome open() {
            return PaymentHome.sqlite(directory);
        }
    }

    @Nested
    class ThroughPgBouncer extends Contract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.pgBouncer();
        }
    }
}
