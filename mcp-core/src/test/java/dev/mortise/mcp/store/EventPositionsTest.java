package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventPositionsTest {
    /** A client that comes back with a position of before must not be given something else in its place. */
    @Test
    void aLogThatWasForgottenGoesOnRisingHoweverSoonItBeginsAgain() {
        InMemoryEventStore store = new InMemoryEventStore(10, 1_000, 10_000);
        long last = 0;
        for (int i = 0; i < 10_000; i++) {
            long position = store.append("session", "stream", new byte[] {1}, Instant.MAX);
            assertThat(position).isGreaterThan(last);
            last = position;
            store.delete("session");
        }
    }
}
