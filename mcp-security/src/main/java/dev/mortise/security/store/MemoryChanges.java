package dev.mortise.security.store;

import dev.mortise.security.standing.Change;
import dev.mortise.security.standing.ChangeLog;
import dev.mortise.security.standing.RevokedCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The newest changes of one process. */
final class MemoryChanges implements ChangeLog, RevokedCredentials {
    /**
     * How far the clock of whoever still takes a token may be behind that of whoever forgets that it was revoked. Of a token that
     * has ended for all, nobody asks.
     */
    static final Duration BEHIND = Duration.ofDays(1);

    private static final int KEPT = 100_000;

    private final ConcurrentSkipListMap<Long, Change> changes = new ConcurrentSkipListMap<>();
    private final AtomicLong position = new AtomicLong();
    private final Map<String, Instant> revoked = new ConcurrentHashMap<>();

    /** Written after the change itself, so that who hears of it finds it. */
    void write(Change.Kind kind, String id) {
        long next = position.incrementAndGet();
        changes.put(next, new Change(next, kind, id));
        changes.headMap(next - KEPT).clear();
    }

    @Override
    public long position() {
        return position.get();
    }

    @Override
    public List<Change> after(long known, int limit) {
        return changes.tailMap(known, false).values().stream().limit(limit).toList();
    }

    @Override
    public void revoke(String id, Instant until) {
        Instant over = Instant.now().minus(BEHIND);
        revoked.values().removeIf(end -> end.isBefore(over));
        revoked.merge(id, until, (before, after) -> before.isAfter(after) ? before : after);
        write(Change.Kind.CREDENTIAL, id);
    }

    @Override
    public boolean isRevoked(String id) {
        return revoked.containsKey(id);
    }
}
