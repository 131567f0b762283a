package dev.mortise.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Waiting for a booking: one gives up, and that is no matter of the others', nor of the booking's. */
class PostingTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<Booking> BOOKED = List.of(new Booking.Booked(7));

    private final Posting posting = new Posting(List.of(), List.of());

    @Test
    void whoOnlyLooksKeepsNobodyFromWaiting() {
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> posting.await(Duration.ZERO));
        posting.look(System.nanoTime() + HOUR.toNanos());
        posting.booked(BOOKED);
        assertThat(posting.await(HOUR)).isEqualTo(BOOKED);
    }

    @Test
    void whoHasWaitedForTooLongIsSentAwayAndItIsBookedAllTheSame() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Booking>> waiting = threads.submit(() -> posting.await(HOUR));
            Eventually.holds("it is sent away", () -> {
                posting.look(System.nanoTime() + HOUR.multipliedBy(2).toNanos());
                return waiting.isDone();
            });
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(waiting::get)
                    .withCauseInstanceOf(StoreUnavailable.class);
        }
        posting.booked(BOOKED);
        assertThat(posting.await(HOUR)).isEqualTo(BOOKED);
    }

    @Test
    void allWhoWaitAreTold() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Booking>>> waiting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiting.add(threads.submit(() -> posting.await(HOUR)));
            }
            posting.booked(BOOKED);
            for (Future<List<Booking>> each : waiting) {
                assertThat(each.get()).isEqualTo(BOOKED);
            }
        }
    }

    @Test
    void whoIsInterruptedIsToldSoAndTheOthersWaitOn() throws Exception {
        AtomicReference<Thread> first = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> interrupted = threads.submit(() -> {
                first.set(Thread.currentThread());
                assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> posting.await(HOUR));
                return Thread.interrupted();
            });
            Eventually.holds("it is there", () -> first.get() != null);
            first.get().interrupt();
            assertThat(interrupted.get()).isTrue();
            Future<List<Booking>> other = threads.submit(() -> posting.await(HOUR));
            posting.booked(BOOKED);
            assertThat(other.get()).isEqualTo(BOOKED);
        }
    }

    @Test
    void whatCannotBeBookedAnyMoreIsSaidWithItsReason() {
        IllegalStateException closed = new IllegalStateException("closed");
        posting.failed(closed);
        assertThatExceptionOfType(StoreUnavailable.class)
                .isThrownBy(() -> posting.await(HOUR))
                .withCause(closed);
    }
}
