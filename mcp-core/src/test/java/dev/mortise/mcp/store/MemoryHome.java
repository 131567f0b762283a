package dev.mortise.mcp.store;

import dev.mortise.mcp.server.ServerEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One process. */
final class MemoryHome implements StoreHome {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final ServerEvents events = ServerEvents.local();
    private @Nullable PendingInputStore pendingInputs;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    };

    @Override
    public PendingInputStore pendingInputs(int capacity) {
        if (pendingInputs == null) {
            pendingInputs = new InMemoryPendingInputStore(capacity, clock);
        }
        return pendingInputs;
    }

    @Override
    public ServerEvents serverEvents() {
        return events;
    }

    @Override
    public void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException("Memory does not come back");
    }

    @Override
    public void close() {}
}
