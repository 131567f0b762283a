package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What exists, for servers whose tools, resources or prompts are not all known when they are built: they come from
 * a database, a folder, an index. Called from many threads; it may block. Entries are ordered by their
 * {@linkplain Entry#key() key}, so that a list is the same on every replica, and a cursor outlives changes.
 */
public interface Source<T extends Entry> {
    /**
     * One stretch of the list.
     *
     * @param after the key that the stretch begins behind, which need not exist any more; {@code null}: at the start
     * @param limit the most entries wanted, at least 1
     * @return entries in ascending order of their keys (by {@link String#compareTo}); fewer than {@code limit} only
     *     at the end
     */
    List<T> list(Caller caller, @Nullable String after, int limit);

    /** The entry with this key, if there is one for this caller. */
    Optional<T> find(Caller caller, String key);

    /** Whether different callers get different entries; if so, lists are not for shared caches. */
    default boolean perCaller() {
        return false;
    }
}
