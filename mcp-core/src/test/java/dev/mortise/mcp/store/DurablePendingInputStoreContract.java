package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds in addition where the store outlives its process, and has a clock of its own. */
abstract class DurablePendingInputStoreContract extends PendingInputStoreContract {
    @ParameterizedTest
    @MethodSource("pasts")
    void aClaimHoldsWhateverTheClockOfItsReplicaSays(Instant past) {
        PendingInputStore store = home.pendingInputs(100);
        assertThat(store.claim("a", past)).isTrue();
        assertThat(store.claim("a", past)).isFalse();
    }

    static List<Instant> pasts() {
        return List.of(Instant.EPOCH, Instant.now().minus(Duration.ofMinutes(9)), Instant.now());
    }

    @Test
    void aRestartForgetsNothing() throws Exception {
        assertThat(home.pendingInputs(100).claim("a", soon)).isTrue();
        home.restart();
        PendingInputStore store = home.pendingInputs(100);
        assertThat(store.claim("a", soon)).isFalse();
        assertThat(store.claim("b", soon)).isTrue();
    }
}
