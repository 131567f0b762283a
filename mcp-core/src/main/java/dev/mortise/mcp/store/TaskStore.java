package dev.mortise.mcp.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks. It is dumb on purpose: whoever uses it reads a task, makes the next version of it, and puts that in its
 * place if nobody was quicker. Replicas that serve the same clients share one. Thread-safe; it may block, but never waits
 * for a task. What it throws is a failure of the store.
 */
public interface TaskStore {
    /** What came of adding a task. */
    enum Insertion {
        ADDED,
        /** This owner has as many as one may have. */
        OWNER_FULL,
        /** There are as many as there may be. */
        FULL
    }

    /**
     * Adds a task. When this returns, {@link #find} finds it, on every replica.
     *
     * @param task at version 1
     * @param mostOfOwner the most tasks of one owner; it may be overshot by as many as are added at once
     * @param mostInAll the most tasks of all
     */
    Insertion insert(StoredTask task, int mostOfOwner, int mostInAll);

    Optional<StoredTask> find(String id);

    /**
     * Puts the next version of a task into its place.
     *
     * @param next its version is one more than that which it replaces
     * @return false, and nothing is changed, if the task is not at the version before, or is gone
     */
    boolean replace(StoredTask next);

    /** Removes a task if it is still at this version. */
    boolean remove(String id, long version);

    /**
     * Tasks that somebody has to look after, the longest overdue first: those whose lease ended before this instant, and
     * those that expired before it.
     */
    List<StoredTask> overdue(Instant now, int limit);

    /**
     * The tasks of an owner in the order of their ids.
     *
     * @param after the id that the stretch begins behind; {@code null}: at the start
     */
    List<StoredTask> ofOwner(String owner, @Nullable String after, int limit);
}
