package dev.mortise.mcp.store;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Within one process, bounded for each session and in total. Beyond the total, the sessions that were told nothing for
 * longest lose what is kept for them. Thread-safe.
 */
public final class InMemoryEventStore implements EventStore {
    @SuppressWarnings("ArrayRecordComponent") // kept, never compared
    private record Kept(String stream, long position, byte[] content, Instant expires) {}

    private static final class Log {
        private final Deque<Kept> events = new ArrayDeque<>(2);

        private long last;
        private long bytes;

        Log(long beginning) {
            this.last = beginning;
        }
    }

    private final int maxEvents;
    private final long maxBytes;
    private final long maxTotalBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Log> logs = new LinkedHashMap<>(16, 0.75f, true);
    private long totalBytes;

    /** The furthest that any log has come. */
    private long furthest;

    /**
     * A store.
     *
     * @param maxEvents kept for one session
     * @param maxBytes kept for one session
     * @param maxTotalBytes kept for all of them
     */
    public InMemoryEventStore(int maxEvents, long maxBytes, long maxTotalBytes) {
        if (maxEvents < 1 || maxBytes < 1 || maxTotalBytes < 1) {
            throw new IllegalArgumentException("A store has room for something");
        }
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.maxTotalBytes = maxTotalBytes;
    }

    @Override
    public long append(String session, String stream, byte[] content, Instant expires) {
        lock.lock();
        try {
            Log log = logs.computeIfAbsent(session, id -> new Log(beginning()));
            Kept kept = new Kept(stream, ++log.last, content, expires);
            furthest = Math.max(furthest, log.last);
            log.events.add(kept);
            log.bytes += content.length;
            totalBytes += content.length;
            while (log.events.size() > maxEvents || (log.bytes > maxBytes && log.events.size() > 1)) {
                dropOldest(log);
            }
            while (totalBytes > maxTotalBytes && logs.size() > 1) {
                forget(logs.keySet().iterator().next());
            }
            return kept.position();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A log that was forgotten and begins again goes on rising, however fast: behind the time, which has gone on if the
     * process was started again meanwhile, and behind everything that was ever given out here.
     */
    private long beginning() {
        return Math.max(System.currentTimeMillis() << 10, furthest);
    }

    private void forget(String session) {
        Log log = logs.remove(session);
        if (log != null) {
            totalBytes -= log.bytes;
        }
    }

    private void dropOldest(Log log) {
        Kept oldest = log.events.remove();
        log.bytes -= oldest.content().length;
        totalBytes -= oldest.content().length;
    }

    @Override
    public List<StoredEvent> read(String session, String stream, long after, int limit) {
        lock.lock();
        try {
            @Nullable Log log = logs.get(session);
            List<StoredEvent> found = new ArrayList<>();
            if (log == null) {
                return found;
            }
            for (Kept kept : log.events) {
                if (kept.position() > after && kept.stream().equals(stream)) {
                    found.add(new StoredEvent(kept.position(), kept.content()));
                    if (found.size() == limit) {
                        break;
                    }
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete(String session) {
        lock.lock();
        try {
            forget(session);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sweep(Instant now) {
        lock.lock();
        try {
            for (Log log : logs.values()) {
                for (Iterator<Kept> events = log.events.iterator(); events.hasNext(); ) {
                    Kept kept = events.next();
                    if (!now.isBefore(kept.expires())) {
                        events.remove();
                        log.bytes -= kept.content().length;
                        totalBytes -= kept.content().length;
                    }
                }
            }
            logs.values().removeIf(log -> log.events.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes are kept. */
    public long bytes() {
        lock.lock();
        try {
            return totalBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isShared() {
        return false;
    }
}
