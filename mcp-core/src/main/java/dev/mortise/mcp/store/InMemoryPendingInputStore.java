package dev.mortise.mcp.store;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Within one process, bounded: when it is full of states that have not expired yet, further claims fail. */
public final class InMemoryPendingInputStore implements PendingInputStore {
    private final Map<String, Instant> claimed = new ConcurrentHashMap<>();
    private final int capacity;
    private final Clock clock;

    public InMemoryPendingInputStore(int capacity, Clock clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    @Override
    public boolean claim(String id, Instant until) {
        if (claimed.size() >= capacity) {
            Instant now = clock.instant();
            claimed.values().removeIf(expiry -> expiry.isBefore(now));
            if (claimed.size() >= capacity) {
                return false;
            }
        }
        return claimed.putIfAbsent(id, until) == null;
    }
}
