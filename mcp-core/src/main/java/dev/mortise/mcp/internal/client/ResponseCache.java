package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Results that may be used again for as long as the server said, and until it says otherwise (specification, server:
 * Caching). What is not public is for the credential that it was asked for with, and forgotten when that changes. Bounded in number and bytes; what was not used for longest goes first. Thread-safe.
 */
final class ResponseCache {
    private static final int MAX_ENTRIES = 512;
    private static final long MAX_BYTES = 16L * 1024 * 1024;
    private static final Duration LONGEST = Duration.ofDays(1);

    /** A request, by all that its result depends on. */
    public record Key(String method, JsonNode params) {}

    private record Entry(JsonNode result, Instant expires, int bytes) {
        boolean isPublic() {
            return result.path("cacheScope").asString("").equals("public");
        }
    }

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long changes;

    public ResponseCache(Clock clock) {
        this.clock = clock;
    }

    /**
     * A result that is still fresh.
     *
     * @param sameCredential asked, without a lock, where the result is not public
     */
    Optional<JsonNode> get(Key key, BooleanSupplier sameCredential) {
        return find(key)
                .filter(entry -> entry.isPublic() || sameCredential.getAsBoolean())
                .map(Entry::result);
    }

    private Optional<Entry> find(Key key) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            return entry != null && clock.instant().isBefore(entry.expires()) ? Optional.of(entry) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** How often something was dropped: taken before a request, so that an answer that was overtaken is not kept. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a result, if its server allows. */
    void put(Key key, JsonNode result, long changesBefore) {
        JsonNode ttl = result.path("ttlMs");
        if (!ttl.isIntegralNumber() || ttl.asLong(0) <= 0) {
            return;
        }
        long millis = Math.min(ttl.asLong(Long.MAX_VALUE), LONGEST.toMillis());
        int size = Json.write(result).length;
        if (size > MAX_BYTES / 4) {
            return;
        }
        lock.lock();
        try {
            if (changes != changesBefore) {
                return;
            }
            Entry before = entries.put(key, new Entry(result, clock.instant().plusMillis(millis), size));
            bytes += size - (before == null ? 0 : before.bytes());
            Iterator<Entry> oldest = entries.values().iterator();
            while (entries.size() > MAX_ENTRIES || bytes > MAX_BYTES) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The requests have another credential from now on. */
    void dropPrivate() {
        lock.lock();
        try {
            changes++;
            entries.values().removeIf(entry -> !entry.isPublic());
            count();
        } finally {
            lock.unlock();
        }
    }

    private void count() {
        bytes = entries.values().stream().mapToLong(Entry::bytes).sum();
    }

    /** Forgets some results, and keeps none of those that are on their way. */
    public void drop(Predicate<Key> which) {
        lock.lock();
        try {
            changes++;
            entries.keySet().removeIf(which);
            count();
        } finally {
            lock.unlock();
        }
    }
}
