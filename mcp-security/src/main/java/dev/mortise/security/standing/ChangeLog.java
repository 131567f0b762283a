package dev.mortise.security.standing;

import java.util.List;

/**
 * The changes of keys, users and grants, in order. Stores write one in the transaction of the change itself. It may
 * forget what is older than ten minutes. Thread-safe; it may block. Every
 * method throws {@link dev.mortise.mcp.store.StoreUnavailable} if the store does not answer.
 */
public interface ChangeLog {
    /** The position of the newest; 0 before the first. */
    long position();

    /** Changes behind a position, the oldest first. */
    List<Change> after(long position, int limit);
}
