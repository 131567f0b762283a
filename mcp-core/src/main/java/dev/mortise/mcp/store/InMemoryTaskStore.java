package dev.mortise.mcp.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Within one process, and gone with it. What is due is found in order, not by looking at everything. */
public final class InMemoryTaskStore implements TaskStore {
    /** A task by when somebody has to look after it. */
    private record Due(Instant at, String id) {}

    private final Map<String, StoredTask> tasks = new HashMap<>();
    private final Map<String, NavigableMap<String, StoredTask>> byOwner = new HashMap<>();
    private final NavigableSet<Due> due =
            new TreeSet<>(Comparator.comparing(Due::at).thenComparing(Due::id));
    private final ReentrantLock lock = new ReentrantLock();

    /** An empty store. */
    public InMemoryTaskStore() {}

    @Override
    public Insertion insert(StoredTask task, int mostOfOwner, int mostInAll) {
        lock.lock();
        try {
            if (tasks.size() >= mostInAll) {
                return Insertion.FULL;
            }
            if (byOwner.getOrDefault(task.owner(), new TreeMap<>()).size() >= mostOfOwner) {
                return Insertion.OWNER_FULL;
            }
            if (tasks.containsKey(task.id())) {
                throw new IllegalArgumentException("There is a task " + task.id() + " already");
            }
            put(task);
            return Insertion.ADDED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<StoredTask> find(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(tasks.get(id));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean replace(StoredTask next) {
        lock.lock();
        try {
            StoredTask current = tasks.get(next.id());
            if (current == null || current.version() + 1 != next.version()) {
                return false;
            }
            due.remove(due(current));
            put(next);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean remove(String id, long version) {
        lock.lock();
        try {
            StoredTask current = tasks.get(id);
            if (current == null || current.version() != version) {
                return false;
            }
            tasks.remove(id);
            due.remove(due(current));
            byOwner.computeIfPresent(current.owner(), (owner, theirs) -> {
                theirs.remove(id);
                return theirs.isEmpty() ? null : theirs;
            });
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<StoredTask> overdue(Instant now, int limit) {
        lock.lock();
        try {
            return due.stream()
                    .takeWhile(entry -> entry.at().isBefore(now))
                    .limit(limit)
                    .map(entry -> Optional.ofNullable(tasks.get(entry.id())))
                    .flatMap(Optional::stream)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<StoredTask> ofOwner(String owner, @Nullable String after, int limit) {
        lock.lock();
        try {
            NavigableMap<String, StoredTask> theirs = byOwner.getOrDefault(owner, new TreeMap<>());
            return (after == null ? theirs : theirs.tailMap(after, false))
                    .values().stream().limit(limit).toList();
        } finally {
            lock.unlock();
        }
    }

    private void put(StoredTask task) {
        tasks.put(task.id(), task);
        byOwner.computeIfAbsent(task.owner(), owner -> new TreeMap<>()).put(task.id(), task);
        due.add(due(task));
    }

    private static Due due(StoredTask task) {
        StoredTask.Lease lease = task.lease();
        Instant at = lease != null && lease.until().isBefore(task.expiresAt()) ? lease.until() : task.expiresAt();
        return new Due(at, task.id());
    }
}
