package dev.mortise.security.crypto;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** In memory, behind a lock. */
final class InMemoryDataKeyStore implements DataKeyStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, DataKeys> keys = new TreeMap<>();
    private final Set<String> shredded = new HashSet<>();

    @Override
    public Optional<DataKeys> find(String tenant) {
        lock.lock();
        try {
            return Optional.ofNullable(keys.get(tenant));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean insert(DataKeys first) {
        lock.lock();
        try {
            return !shredded.contains(first.tenant()) && keys.putIfAbsent(first.tenant(), first) == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean replace(DataKeys next) {
        lock.lock();
        try {
            DataKeys stored = keys.get(next.tenant());
            if (stored == null || stored.version() != next.version() - 1) {
                return false;
            }
            keys.put(next.tenant(), next);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean shred(String tenant) {
        lock.lock();
        try {
            shredded.add(tenant);
            return keys.remove(tenant) != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<DataKeys> notWrappedWith(String key, @Nullable String after, int limit) {
        lock.lock();
        try {
            return (after == null ? keys : keys.tailMap(after, false))
                    .values().stream()
                            .filter(stored -> !stored.wrapped().key().equals(key))
                            .limit(limit)
                            .toList();
        } finally {
            lock.unlock();
        }
    }
}
