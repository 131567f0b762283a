package dev.mortise.mcp.store;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Within one process, bounded. Sessions on probation have a tenth of the room for themselves, and each group a tenth
 * of that: a flood of new sessions displaces its own. Sessions in use are bounded for each group, where a new one
 * displaces the one of its group that was not used for longest, and in total, where it displaces none. Thread-safe.
 */
public final class InMemorySessionStore implements SessionStore {
    private static final int PROBATION_SHARE = 10;

    private final int maxSessions;
    private final int maxPerGroup;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** By id. Which segment an entry is in, the entry says. */
    private final Map<String, Entry> sessions = new HashMap<>();

    private final Segment probation = new Segment(false);
    private final Segment used = new Segment(true);

    private static final class Entry {
        StoredSession session;
        boolean inUse;

        Entry(StoredSession session) {
            this.session = session;
        }
    }

    /** Entries by group, in the order in which they are given up. */
    private static final class Segment {
        private final Map<String, LinkedHashMap<String, Entry>> groups = new LinkedHashMap<>();
        private final boolean byUse;
        private int size;

        Segment(boolean byUse) {
            this.byUse = byUse;
        }

        void put(Entry entry) {
            groups.computeIfAbsent(entry.session.group(), group -> new LinkedHashMap<>(4, 0.75f, byUse))
                    .put(entry.session.id(), entry);
            size++;
        }

        void used(Entry entry) {
            LinkedHashMap<String, Entry> group = groups.get(entry.session.group());
            if (group != null) {
                group.get(entry.session.id());
            }
        }

        int sizeOf(String group) {
            LinkedHashMap<String, Entry> entries = groups.get(group);
            return entries == null ? 0 : entries.size();
        }

        void remove(Entry entry) {
            LinkedHashMap<String, Entry> group = groups.get(entry.session.group());
            if (group != null && group.remove(entry.session.id()) != null) {
                size--;
                if (group.isEmpty()) {
                    groups.remove(entry.session.group());
                }
            }
        }

        @Nullable
        Entry firstOf(String group) {
            LinkedHashMap<String, Entry> entries = groups.get(group);
            return entries == null ? null : entries.values().iterator().next();
        }

        /** Of the group that came first. */
        @Nullable
        Entry first() {
            Iterator<String> names = groups.keySet().iterator();
            return names.hasNext() ? firstOf(names.next()) : null;
        }
    }

    /**
     * A store.
     *
     * @param maxSessions in use at once; at least 10
     * @param maxPerGroup in use at once by one caller, or from one address without callers
     */
    public InMemorySessionStore(int maxSessions, int maxPerGroup, Clock clock) {
        if (maxSessions < PROBATION_SHARE || maxPerGroup < 1) {
            throw new IllegalArgumentException("A store has room for at least 10 sessions, 1 of each group");
        }
        this.maxSessions = maxSessions;
        this.maxPerGroup = maxPerGroup;
        this.clock = clock;
    }

    @Override
    public boolean create(StoredSession session) {
        lock.lock();
        try {
            int room = maxSessions / PROBATION_SHARE;
            if (probation.sizeOf(session.group()) >= Math.max(1, room / PROBATION_SHARE)) {
                giveUp(probation.firstOf(session.group()));
            } else if (probation.size >= room) {
                giveUp(probation.first());
            }
            Entry entry = new Entry(session);
            sessions.put(session.id(), entry);
            probation.put(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<StoredSession> find(String id) {
        lock.lock();
        try {
            Entry entry = alive(id);
            return entry == null ? Optional.empty() : Optional.of(entry.session);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean replace(StoredSession next) {
        lock.lock();
        try {
            Entry entry = alive(next.id());
            if (entry == null || entry.session.revision() + 1 != next.revision()) {
                return false;
            }
            entry.session = next.until(entry.session.expires());
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean touch(String id, Instant expires) {
        lock.lock();
        try {
            Entry entry = alive(id);
            if (entry == null || (!entry.inUse && !promote(entry))) {
                return false;
            }
            entry.session = entry.session.until(expires);
            used.used(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean promote(Entry entry) {
        String group = entry.session.group();
        if (used.sizeOf(group) >= maxPerGroup) {
            giveUp(used.firstOf(group));
        } else if (used.size >= maxSessions) {
            forgetExpired(clock.instant());
            if (used.size >= maxSessions) {
                return false;
            }
        }
        probation.remove(entry);
        entry.inUse = true;
        used.put(entry);
        return true;
    }

    @Override
    public void delete(String id) {
        lock.lock();
        try {
            giveUp(sessions.get(id));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sweep(Instant now) {
        lock.lock();
        try {
            forgetExpired(now);
        } finally {
            lock.unlock();
        }
    }

    /** How many sessions there are, on probation or in use. */
    public int size() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    private void forgetExpired(Instant now) {
        sessions.values().stream()
                .filter(entry -> !now.isBefore(entry.session.expires()))
                .toList()
                .forEach(this::giveUp);
    }

    private @Nullable Entry alive(String id) {
        Entry entry = sessions.get(id);
        return entry != null && clock.instant().isBefore(entry.session.expires()) ? entry : null;
    }

    private void giveUp(@Nullable Entry entry) {
        if (entry != null) {
            sessions.remove(entry.session.id());
            (entry.inUse ? used : probation).remove(entry);
        }
    }
}
