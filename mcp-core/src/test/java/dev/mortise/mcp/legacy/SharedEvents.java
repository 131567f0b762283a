package dev.mortise.mcp.legacy;

import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.InMemoryEventStore;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.StoredEvent;
import java.time.Instant;
import java.util.List;

/** What two replicas in one process share, as they would share a database. */
final class SharedEvents implements EventStore {
    private final InMemoryEventStore store;

    /** While it is set, the store is down for whoever writes. */
    volatile boolean down;

    SharedEvents() {
        this(1_000_000);
    }

    SharedEvents(long maxBytes) {
        store = new InMemoryEventStore(1_000, maxBytes, 10_000_000);
    }

    @Override
    public long append(String session, String stream, byte[] content, Instant expires) {
        if (down) {
            throw new StoreUnavailable("down");
        }
        return store.append(session, stream, content.clone(), expires);
    }

    @Override
    public List<StoredEvent> read(String session, String stream, long after, int limit) {
        return store.read(session, stream, after, limit);
    }

    @Override
    public void delete(String session) {
        store.delete(session);
    }

    @Override
    public void sweep(Instant now) {
        store.sweep(now);
    }

    @Override
    public boolean isShared() {
        return true;
    }
}
