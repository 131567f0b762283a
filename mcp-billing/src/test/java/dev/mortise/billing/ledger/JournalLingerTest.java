package dev.mortise.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.StoreUnavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a journal waits for more to book at once, and what ends the wait. */
@Timeout(60)
class JournalLingerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path directory;

    @Test
    void whatComesSoonAfterATransactionIsBookedTogetherAndAtTheLatestWhenItIsClosed() throws Exception {
        try (LedgerHome home = LedgerHome.sqlite(directory)) {
            LedgerStore store = home.store();
            List<Integer> batches = new CopyOnWriteArrayList<>();
            Journal journal = Journal.start(watched(store, batches), MINUTE, 100, Duration.ofHours(1));
            journal.post(List.of(use("at-once")), List.of()).await(MINUTE);
            List<Posting> together = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                together.add(journal.post(List.of(use("together-" + i)), List.of()));
            }
            assertThat(together).noneMatch(Posting::isDone);
            journal.close();
            for (Posting posting : together) {
                assertThat(posting.await(MINUTE)).hasOnlyElementsOfType(Booking.Booked.class);
            }
            assertThat(batches).containsExactly(1, 5);
            assertThat(store.balance("acme", "api_calls")).isEqualTo(6);
        }
    }

    @Test
    void atFirstAllIsCarriedOverAndThenWhatItHasBookedItself() throws Exception {
        try (LedgerHome home = LedgerHome.sqlite(directory)) {
            List<String> spreads = new CopyOnWriteArrayList<>();
            Journal journal = Journal.start(listening(home.store(), spreads), MINUTE, 100);
            journal.post(List.of(use("a")), List.of()).await(MINUTE);
            Eventually.holds("it was carried over", () -> !spreads.isEmpty());
            journal.post(List.of(use("b")), List.of()).await(MINUTE);
            Eventually.holds("it was carried over", () -> spreads.contains(journal.replica()));
            assertThat(spreads.getFirst()).isEqualTo("all");
            journal.close();
        }
    }

    @Test
    void noTimeIsNegative() throws Exception {
        try (LedgerHome home = LedgerHome.sqlite(directory)) {
            LedgerStore store = home.store();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Journal.start(store, MINUTE, 100, Duration.ofMillis(-1)));
        }
    }

    private static Post use(String id) {
        return new Post.Use(UsageEvent.of("acme", "api_calls", "test", id, 1, AT), AT);
    }

    /** The store itself, and how many posts each of its transactions has. */
    private static LedgerStore watched(LedgerStore store, List<Integer> batches) {
        return watched(store, (method, arguments) -> {
            if (arguments != null && arguments[0] instanceof Batch batch) {
                batches.add(batch.posts().size());
            }
        });
    }

    /** The store itself, and whose pages are carried over. */
    private static LedgerStore listening(LedgerStore store, List<String> spreads) {
        return watched(store, (method, arguments) -> {
            if (method.equals("spread")) {
                spreads.add(arguments == null ? "all" : arguments[0].toString());
            }
        });
    }

    private static LedgerStore watched(LedgerStore store, BiConsumer<String, Object[]> watcher) {
        return (LedgerStore) Proxy.newProxyInstance(
                LedgerStore.class.getClassLoader(), new Class<?>[] {LedgerStore.class}, (proxy, method, arguments) -> {
                    watcher.accept(method.getName(), arguments);
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof RuntimeException problem ? problem : new StoreUnavailable("?", e);
                    }
                });
    }
}
