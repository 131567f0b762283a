package dev.mortise.mcp.store;

import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.server.ServerEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One process. */
final class MemoryHome implements StoreHome {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final ServerEvents events = ServerEvents.local();
    private final TaskStore tasks = new InMemoryTaskStore();
    private @Nullable PendingInputStore pendingInputs;
    private @Nullable SessionStore sessions;
    private final Map<Integer, EventStore> kept = new HashMap<>();

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
    public SessionStore sessions(int maxSessions, int maxPerGroup) {
        if (sessions == null) {
            sessions = new InMemorySessionStore(maxSessions, maxPerGroup, clock);
        }
        return sessions;
    }

    @Override
    public EventStore events(int maxEvents, long maxBytes) {
        return kept.computeIfAbsent(maxEvents, most -> new InMemoryEventStore(most, maxBytes, Long.MAX_VALUE));
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public SketchStore sketches() {
        throw new UnsupportedOperationException("One process needs none");
    }

    @Override
    public void sweep() {
        if (sessions != null) {
            sessions.sweep(now.get());
        }
        kept.values().forEach(store -> store.sweep(now.get()));
    }

    @Override
    public void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
        // Positions of events begin with the time of the machine: it must have passed, too.
        for (long before = System.currentTimeMillis(); System.currentTimeMillis() == before; ) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException("Memory does not come back");
    }

    @Override
    public void close() {}
}
