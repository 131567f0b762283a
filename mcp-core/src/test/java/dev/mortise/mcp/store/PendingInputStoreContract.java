package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every {@link PendingInputStore}. */
@Timeout(60)
abstract class PendingInputStoreContract {
    final Instant soon = Instant.now().plus(Duration.ofMinutes(15));

    StoreHome home;

    abstract StoreHome open();

    @BeforeEach
    void openHome() {
        home = open();
    }

    @AfterEach
    void closeHome() throws Exception {
        home.close();
    }

    @Test
    void theFirstClaimCountsAndNoOther() {
        PendingInputStore one = home.pendingInputs(100);
        PendingInputStore other = home.pendingInputs(100);
        assertThat(one.claim("a", soon)).isTrue();
        assertThat(one.claim("a", soon)).isFalse();
        assertThat(other.claim("a", soon)).isFalse();
        assertThat(other.claim("b", soon)).isTrue();
        assertThat(one.claim("b", soon)).isFalse();
    }

    @Test
    void ofManyAtTheSameMomentOneWins() throws Exception {
        List<PendingInputStore> replicas = List.of(home.pendingInputs(100), home.pendingInputs(100));
        for (int i = 0; i < 20; i++) {
            String id = "contended-" + i;
            assertThat(Race.winners(replicas, store -> store.claim(id, soon))).isEqualTo(1);
        }
    }

    @Test
    void ofManyDifferentOnesAtTheSameMomentAllCount() throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<PendingInputStore> replicas = List.of(home.pendingInputs(100), home.pendingInputs(100));
        assertThat(Race.winners(replicas, store -> store.claim("id-" + next.incrementAndGet(), soon)))
                .isEqualTo(16);
    }

    static List<String> ids() {
        String long1 = "x".repeat(10_000);
        return List.of(
                "",
                " ",
                "a\u0000b",
                "a\u0000c",
                "Übergröße 🙂",
                "Übergröße 🙃",
                "\ud800",
                "\udfff",
                long1,
                long1 + "y",
                "{tag}",
                "'; DROP TABLE mcp_used_state; --",
                StoreKey.of(long1));
    }

    @Test
    void everyStringIsAnIdOfItsOwn() {
        PendingInputStore store = home.pendingInputs(100);
        assertThat(ids()).allMatch(id -> store.claim(id, soon)).noneMatch(id -> store.claim(id, soon));
    }

    @Test
    void aFullStoreTakesNoMoreUntilSomethingEnds() throws Exception {
        PendingInputStore store = home.pendingInputs(10);
        for (int i = 0; i < 10; i++) {
            assertThat(store.claim("id-" + i, soon)).isTrue();
        }
        assertThat(store.claim("one too many", soon)).isFalse();
        assertThat(store.claim("id-3", soon)).as("still used up").isFalse();

        home.pass(Duration.ofHours(1));
        Eventually.holds("there is room again", () -> {
            home.sweep();
            return store.claim("later", soon);
        });
    }
}
