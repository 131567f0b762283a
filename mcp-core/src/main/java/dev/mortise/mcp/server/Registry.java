package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Caller;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a server holds by itself. They may come and go while it runs; listeners are told of every
 * change. Thread-safe.
 */
public final class Registry<T extends Entry> implements Source<T> {
    private final NavigableMap<String, T> entries = new ConcurrentSkipListMap<>();
    private final Runnable onChange;

    /** @param onChange runs after each change, on the thread that made it */
    public Registry(Runnable onChange) {
        this.onChange = onChange;
    }

    /**
     * Adds an entry.
     *
     * @throws IllegalArgumentException if there is one with its key already
     */
    public void add(T entry) {
        if (entries.putIfAbsent(entry.key(), entry) != null) {
            throw new IllegalArgumentException(
                    "There is a \"" + entry.key() + "\" already: choose another name, or replace it with put");
        }
        onChange.run();
    }

    /** Adds an entry, in the place of the one with its key if there is one. */
    public void put(T entry) {
        entries.put(entry.key(), entry);
        onChange.run();
    }

    /** Removes the entry with this key; false if there was none. */
    public boolean remove(String key) {
        boolean removed = entries.remove(key) != null;
        if (removed) {
            onChange.run();
        }
        return removed;
    }

    /** All entries, in order. */
    public List<T> all() {
        return List.copyOf(entries.values());
    }

    @Override
    public List<T> list(Caller caller, @Nullable String after, int limit) {
        NavigableMap<String, T> rest = after == null ? entries : entries.tailMap(after, false);
        return rest.values().stream().limit(limit).toList();
    }

    @Override
    public Optional<T> find(Caller caller, String key) {
        return Optional.ofNullable(entries.get(key));
    }
}
