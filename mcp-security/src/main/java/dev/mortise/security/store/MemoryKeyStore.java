package dev.mortise.security.store;

import dev.mortise.security.key.KeyStore;
import dev.mortise.security.key.StoredKey;
import dev.mortise.security.standing.Change;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keys of one process. */
final class MemoryKeyStore implements KeyStore {
    private final NavigableMap<String, StoredKey> keys = new ConcurrentSkipListMap<>();
    private final Map<String, Long> spent = new HashMap<>();
    private final Map<String, Instant> payments = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final MemoryChanges changes;

    MemoryKeyStore(MemoryChanges changes) {
        this.changes = changes;
    }

    @Override
    public boolean add(StoredKey key, Instant now) {
        lock.lock();
        try {
            if (key.parent() != null && !isGood(key.parent(), now)) {
                return false;
            }
            if (keys.putIfAbsent(key.id(), key) != null) {
                throw new IllegalArgumentException("There is a key " + key.id() + " already");
            }
            changes.write(Change.Kind.KEY, key.id());
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isGood(String id, Instant now) {
        StoredKey key = keys.get(id);
        return key != null && key.isGood(now);
    }

    @Override
    public Optional<StoredKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public boolean replace(String id, StoredKey successor, Instant end, Instant now) {
        lock.lock();
        try {
            StoredKey before = keys.get(id);
            if (before == null
                    || !before.isGood(now)
                    || !Objects.equals(before.parent(), successor.parent())
                    || !add(successor, now)) {
                return false;
            }
            spent.put(successor.id(), spent.getOrDefault(id, 0L));
            // Whatever is still made of it ends when its successor is revoked.
            keys.computeIfPresent(id, (same, key) -> key.endingBy(end).withParent(successor.id()));
            changes.write(Change.Kind.KEY, id);
            for (StoredKey child : List.copyOf(keys.values())) {
                if (id.equals(child.parent())) {
                    keys.put(child.id(), child.withParent(successor.id()));
                    changes.write(Change.Kind.KEY, child.id());
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean revoke(String id, Instant at) {
        lock.lock();
        try {
            StoredKey key = keys.get(id);
            if (key == null || key.revokedAt() != null) {
                return false;
            }
            Deque<String> open = new ArrayDeque<>(List.of(id));
            while (!open.isEmpty()) {
                String next = open.remove();
                keys.computeIfPresent(next, (same, found) -> found.revokedAt() == null ? found.revoked(at) : found);
                changes.write(Change.Kind.KEY, next);
                keys.values().stream()
                        .filter(child -> next.equals(child.parent()))
                        .forEach(child -> open.add(child.id()));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean spend(String id, long units) {
        lock.lock();
        try {
            List<StoredKey> limited = limited(id);
            if (limited.stream()
                    .anyMatch(key -> spent.getOrDefault(key.id(), 0L)
                            > Objects.requireNonNull(key.limits().spend()) - units)) {
                return false;
            }
            limited.forEach(key -> spent.merge(key.id(), units, Long::sum));
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void giveBack(String id, long units) {
        lock.lock();
        try {
            limited(id).forEach(key -> spent.computeIfPresent(key.id(), (same, all) -> Math.max(0, all - units)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void keepPayment(String payment, Instant now) {
        payments.put(payment, now);
    }

    @Override
    public boolean takePayment(String payment) {
        return payments.remove(payment) != null;
    }

    @Override
    public void sweep(Instant before) {
        payments.values().removeIf(kept -> kept.isBefore(before));
    }

    /** Of a key and its ancestors those that have a limit. */
    private List<StoredKey> limited(String id) {
        Map<String, StoredKey> chain = new LinkedHashMap<>();
        StoredKey next = keys.get(id);
        while (next != null && chain.putIfAbsent(next.id(), next) == null) {
            next = next.parent() == null ? null : keys.get(next.parent());
        }
        return chain.values().stream()
                .filter(key -> key.limits().spend() != null)
                .toList();
    }

    @Override
    public long spent(String id) {
        lock.lock();
        try {
            return spent.getOrDefault(id, 0L);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void used(Map<String, Instant> times) {
        lock.lock();
        try {
            times.forEach((id, at) -> keys.computeIfPresent(
                    id,
                    (same, key) -> key.lastUsedAt() == null || key.lastUsedAt().isBefore(at) ? key.used(at) : key));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<StoredKey> list(@Nullable String tenant, @Nullable String after, int limit) {
        return (after == null ? keys : keys.tailMap(after, false))
                .values().stream()
                        .filter(key -> tenant == null || tenant.equals(key.tenant()))
                        .limit(limit)
                        .toList();
    }
}
