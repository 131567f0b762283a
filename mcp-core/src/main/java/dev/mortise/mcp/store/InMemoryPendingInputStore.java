package dev.mortise.mcp.store;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Within one process, bounded: when it is full of states that have not expired yet, further claims fail. Claims are
 * forgotten in the order in which they expire, a few with each new one, so that no claim has to look at all of them.
 */
public final class InMemoryPendingInputStore implements PendingInputStore {
    private record Claim(String id, Instant until) {}

    private final Set<String> claimed = new HashSet<>();
    private final PriorityQueue<Claim> byExpiry = new PriorityQueue<>(Comparator.comparing(Claim::until));
    private final ReentrantLock lock = new ReentrantLock();
    private final int capacity;
    private final Clock clock;

    /** @param capacity the most claims at once */
    public InMemoryPendingInputStore(int capacity, Clock clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    @Override
    public boolean claim(String id, Instant until) {
        Instant now = clock.instant();
        lock.lock();
        try {
            for (Claim first = byExpiry.peek(); first != null && first.until().isBefore(now); first = byExpiry.peek()) {
                byExpiry.remove();
                claimed.remove(first.id());
            }
            if (claimed.size() >= capacity || !claimed.add(id)) {
                return false;
            }
            byExpiry.add(new Claim(id, until));
            return true;
        } finally {
            lock.unlock();
        }
    }
}
