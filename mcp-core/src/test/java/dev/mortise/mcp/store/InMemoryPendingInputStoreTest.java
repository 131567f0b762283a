package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InMemoryPendingInputStoreTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final PendingInputStore store = new InMemoryPendingInputStore(3, new Clock() {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    });

    @Test
    void aStateIsClaimedOnce() {
        assertThat(store.claim("a", START.plusSeconds(10))).isTrue();
        assertThat(store.claim("a", START.plusSeconds(10))).isFalse();
    }

    @Test
    void whenItIsFullClaimsFailUntilTheFirstOnesExpireInWhateverOrderTheyCame() {
        assertThat(store.claim("late", START.plusSeconds(30))).isTrue();
        assertThat(store.claim("early", START.plusSeconds(10))).isTrue();
        assertThat(store.claim("later", START.plusSeconds(40))).isTrue();
        assertThat(store.claim("one too many", START.plusSeconds(50))).isFalse();
        now.set(START.plusSeconds(11));
        assertThat(store.claim("one more", START.plusSeconds(50))).isTrue();
        assertThat(store.claim("late", START.plusSeconds(30))).isFalse();
        assertThat(store.claim("one too many", START.plusSeconds(50))).isFalse();
    }
}
