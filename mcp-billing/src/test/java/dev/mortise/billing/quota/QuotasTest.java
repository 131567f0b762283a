package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.books.TestClock;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.quota.Reservation.Commit;
import dev.mortise.billing.quota.Reservation.State;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.jdbc.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units that are held, given back, and forgotten, as time goes by. */
class QuotasTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Window WINDOW =
            Window.of("acme", "api_calls", FixedPlan.PERIOD.start(), FixedPlan.PERIOD.end());

    @TempDir
    Path directory;

    private final AtomicLong limit = new AtomicLong(100);
    private final TestClock clock = new TestClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final AtomicLong nanos = new AtomicLong(1_000);
    private LedgerHome home;
    private LedgerStore store;
    private Journal journal;
    private Quotas quotas;

    @BeforeEach
    void start() {
        home = LedgerHome.sqlite(directory);
        store = home.store();
        journal = Journal.start(store, MINUTE, 1_000);
        quotas = quotas(journal);
    }

    @AfterEach
    void stop() throws Exception {
        quotas.close();
        journal.close();
        assertThat(store.verify()).isEmpty();
        home.close();
    }

    private Quotas quotas(Journal writer) {
        return Quotas.start(
                new Quotas.Parts(
                        writer,
                        Meters.standard(),
                        (tenant, at) -> new FixedPlan(limit.get()).of(tenant, at),
                        clock,
                        Duration.ofSeconds(20),
                        nanos::get),
                threshold -> {});
    }

    private Admission ask(long units) {
        return quotas.reserve(new Request("acme", Map.of("api_calls", units), "test", "", ""), MINUTE);
    }

    private Reservation reserve(long units) {
        Admission admission = ask(units);
        assertThat(admission).isInstanceOf(Admission.Reserved.class);
        return ((Admission.Reserved) admission).reservation();
    }

    /** What was leased under the higher limit, and what is still held, is not given out under the lower one. */
    @Test
    void aLimitThatIsLoweredHoldsAtOnce() {
        for (int i = 0; i < 10; i++) {
            assertThat(reserve(4).commit()).isInstanceOf(Commit.Booked.class);
        }
        assertThat(store.look(WINDOW).leased())
                .as("more is leased than was used")
                .isPositive();
        Reservation held = reserve(1);
        limit.set(42);
        Reservation last = reserve(1);
        assertThat(ask(1)).isInstanceOf(Admission.Denied.class);
        assertThat(held.release()).isTrue();
        Eventually.holds("what was given back can be had again", () -> {
            nanos.addAndGet(Duration.ofMillis(300).toNanos());
            return ask(1) instanceof Admission.Reserved;
        });
        assertThat(ask(1)).isInstanceOf(Admission.Denied.class);
        assertThat(last.commit()).isInstanceOf(Commit.Booked.class);
    }

    @Test
    void soDoesOneThatWasRaisedInBetween() {
        limit.set(10);
        assertThat(reserve(1).commit()).isInstanceOf(Commit.Booked.class);
        limit.set(100);
        for (int i = 0; i < 20; i++) {
            assertThat(reserve(2).commit()).isInstanceOf(Commit.Booked.class);
        }
        assertThat(store.look(WINDOW).leased())
                .as("more is leased than was used")
                .isPositive();
        limit.set(42);
        assertThat(reserve(1).commit()).isInstanceOf(Commit.Booked.class);
        assertThat(ask(1)).isInstanceOf(Admission.Denied.class);
    }

    /** It would keep everybody else's charges from being written, again and again. */
    @Test
    void whatNoDatabaseCanHoldIsNotReserved() {
        for (Request request : List.of(
                new Request("ac\0me", Map.of("api_calls", 1L), "test", "", ""),
                new Request("acme", Map.of("api_calls", 1L), "te\0st", "", ""),
                new Request("acme", Map.of("api_calls", 1L), "test", "\0", ""),
                new Request("acme", Map.of("api_calls", 1L), "test", "", "\ud800"))) {
            assertThat(quotas.reserve(request, MINUTE)).isEqualTo(new Admission.Invalid(Booking.Reason.MALFORMED));
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        quotas.tidy();
    }

    /** The keeper may be at it just now. */
    private void untilForgotten() {
        Eventually.holds("it is forgotten", () -> quotas.remembered() == 0);
    }

    private void untilWindowIs(long used, long leased) {
        Eventually.holds(
                used + " used and " + leased + " leased",
                () -> store.look(WINDOW).equals(new WindowState(WINDOW, used, leased)));
    }

    @Test
    void whatNobodyResolvesExpiresAndIsFreeAgain() {
        Reservation forgotten = reserve(90);
        assertThat(ask(20)).isInstanceOf(Admission.Denied.class);
        clock.advance(MINUTE.plusSeconds(1));
        quotas.tidy();
        assertThat(forgotten.state()).isEqualTo(State.EXPIRED);
        assertThat(forgotten.commit()).isEqualTo(new Commit.TooLate(State.EXPIRED));
        assertThat(forgotten.release()).isFalse();
        Eventually.holds("it is forgotten", () -> quotas.open() == 0);
        pass(Duration.ofSeconds(3));
        untilWindowIs(0, 0);
        assertThat(reserve(90).commit()).isInstanceOf(Commit.Booked.class);
        pass(Duration.ofSeconds(3));
        untilWindowIs(90, 0);
    }

    @Test
    void whatNobodyWantsGoesBackAndThenIsForgotten() {
        reserve(1).commit();
        assertThat(quotas.remembered()).isEqualTo(1);
        pass(Duration.ofSeconds(3));
        untilWindowIs(1, 0);
        assertThat(quotas.remembered()).as("somebody may want more soon").isEqualTo(1);
        pass(MINUTE);
        untilForgotten();
        assertThat(reserve(2).commit()).isInstanceOf(Commit.Booked.class);
        assertThat(quotas.remembered()).isEqualTo(1);
        pass(MINUTE.multipliedBy(2));
        untilWindowIs(3, 0);
    }

    @Test
    void unitsThatAreHeldWhileTheirPoolIsForgottenAreNotLost() {
        Reservation released = reserve(10);
        Reservation partly = reserve(10);
        Reservation whole = reserve(10);
        pass(MINUTE.multipliedBy(2));
        untilForgotten();
        untilWindowIs(0, 30);
        assertThat(released.release()).isTrue();
        partly.commit(Map.of("api_calls", 3L));
        whole.commit();
        untilWindowIs(13, 0);
    }

    @Test
    void whatIsResolvedIsResolvedOnce() {
        Reservation committed = reserve(5);
        assertThat(committed.commit()).isInstanceOf(Commit.Booked.class);
        assertThat(committed.commit()).isEqualTo(new Commit.TooLate(State.COMMITTED));
        assertThat(committed.release()).isFalse();
        Reservation released = reserve(5);
        assertThat(released.release()).isTrue();
        assertThat(released.release()).isFalse();
        assertThat(released.commit()).isEqualTo(new Commit.TooLate(State.RELEASED));
        assertThat(store.balance("acme", "api_calls")).isEqualTo(5);
    }

    /** Or else somebody would be told that none of a hundred are used, and that there are not fifty left. */
    @Test
    void whoIsDeniedIsToldWhatIsHeld() {
        reserve(60);
        assertThat(ask(50))
                .isEqualTo(new Admission.Denied(
                        new Denial(Denial.Reason.EXHAUSTED, "api_calls", 50, 0, 60, 100, FixedPlan.PERIOD.end())));
    }

    @Test
    void whereNothingIsPromisedACommitDoesNotWait() throws Exception {
        // Nothing can be written, so that who waits for it waits for the whole time-out.
        LedgerSwitch database = new LedgerSwitch(home.store(Durability.BUFFERED));
        try (Journal buffered = Journal.start(database.store(), MINUTE, 1_000);
                Quotas unhurried = quotas(buffered)) {
            Request request = new Request("acme", Map.of("api_calls", 2L), "test", "", "");
            Admission admission = unhurried.reserve(request, MINUTE);
            database.cut();
            assertThat(((Admission.Reserved) admission).reservation().commit()).isInstanceOf(Commit.Buffered.class);
            database.mend();
            Eventually.holds("it is written", () -> store.balance("acme", "api_calls") == 2);
        }
    }

    @Test
    void nobodyKnowsWhichWindowItIsWhenTheClockWentBack() {
        reserve(1).commit();
        clock.advance(Duration.ofSeconds(-3));
        assertThat(reserve(1).at()).as("a small step back is not followed").isEqualTo("2026-06-01T00:00:00Z");
        clock.advance(Duration.ofHours(-1));
        assertThat(ask(1)).isInstanceOf(Admission.ClockWentBack.class);
        nanos.addAndGet(MINUTE.toNanos() / 2);
        assertThat(ask(1)).isInstanceOf(Admission.ClockWentBack.class);
        clock.advance(Duration.ofHours(2));
        assertThat(reserve(1).at()).as("it was right before").isEqualTo("2026-06-01T00:59:57Z");
        clock.advance(Duration.ofHours(-1));
        assertThat(ask(1)).as("that is another doubt").isInstanceOf(Admission.ClockWentBack.class);
        nanos.addAndGet(MINUTE.toNanos() + 2);
        assertThat(reserve(1).at()).as("it was wrong before").isEqualTo("2026-05-31T23:59:57Z");
    }
}
