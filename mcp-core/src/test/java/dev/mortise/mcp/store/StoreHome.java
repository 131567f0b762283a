package dev.mortise.mcp.store;

import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.server.ServerEvents;
import java.time.Duration;

/** Somewhere that things are stored, empty at first. Each call gives what another replica would have: a store over connections of its own. */
public interface StoreHome extends AutoCloseable {
    PendingInputStore pendingInputs(int capacity);

    ServerEvents serverEvents();

    SessionStore sessions(int maxSessions, int maxPerGroup);

    EventStore events(int maxEvents, long maxBytes);

    TaskStore tasks();

    SketchStore sketches();

    /** Everything that is stored is older by so much from now on, by the store's own clock. */
    void pass(Duration time) throws Exception;

    /** Ends all that was given out, and the store itself as gently as its operator would; then it is there again. */
    void restart() throws Exception;

    /** Forgets what has expired, where stores do that only now and then. */
    default void sweep() throws Exception {}

    @Override
    void close() throws Exception;
}
