package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.ProtocolViolationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list as a stream that fetches a page when it gets there. A server that leads in circles, or never comes to an end, is
 * not followed. For one thread.
 */
final class Pages<T> implements Iterator<T> {
    /** One page. */
    record Page<T>(List<T> items, @Nullable String next) {}

    /** Fetches a page; the first one has no cursor. */
    interface Source<T> {
        Page<T> page(@Nullable String cursor);
    }

    private final String method;
    private final Source<T> source;
    private final int maxPages;
    private final Set<String> seen = new HashSet<>();
    private Iterator<T> page = List.<T>of().iterator();
    private @Nullable String cursor;
    private boolean begun;

    private Pages(String method, Source<T> source, int maxPages) {
        this.method = method;
        this.source = source;
        this.maxPages = maxPages;
    }

    static <T> Stream<T> stream(String method, Source<T> source, int maxPages) {
        Iterator<T> pages = new Pages<>(method, source, maxPages);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext()) {
            if (begun && cursor == null) {
                return false;
            }
            Page<T> next = source.page(cursor);
            begun = true;
            page = next.items().iterator();
            cursor = next.next();
            if (cursor != null && !seen.add(cursor)) {
                throw new ProtocolViolationException(method + " leads in circles: a cursor comes back");
            }
            if (seen.size() >= maxPages) {
                throw new ProtocolViolationException(method + " does not end within " + maxPages + " pages");
            }
        }
        return true;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }
}
