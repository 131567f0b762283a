package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What holds in addition where the store outlives its process. */
abstract class DurableEventStoreContract extends EventStoreContract {
    @Test
    void aRestartForgetsNothing() throws Exception {
        long before = one.append("s", "a", bytes("1"), end);
        home.restart();
        one = home.events(20, 1000);
        assertThat(texts(one.read("s", "a", 0, 10))).containsExactly("1");
        assertThat(one.append("s", "a", bytes("2"), end)).isGreaterThan(before);
        assertThat(texts(one.read("s", "a", before, 10))).containsExactly("2");
    }

    @Test
    void othersMayAppend() {
        assertThat(one.isShared()).isTrue();
    }
}
