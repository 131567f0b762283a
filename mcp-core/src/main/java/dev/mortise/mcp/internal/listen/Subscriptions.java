package dev.mortise.mcp.internal.listen;

import dev.mortise.mcp.call.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The listen streams that are open, bounded in number. Thread-safe. */
public final class Subscriptions {
    private final Map<Mailbox, Caller> open = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int limit;
    private volatile boolean closed;

    public Subscriptions(int limit) {
        this.limit = limit;
    }

    /** Takes a new stream in; false if there are too many, or none are taken any more. */
    boolean add(Mailbox mailbox, Caller caller) {
        if (count.incrementAndGet() > limit) {
            count.decrementAndGet();
            return false;
        }
        open.put(mailbox, caller);
        if (closed) {
            remove(mailbox);
            return false;
        }
        return true;
    }

    void remove(Mailbox mailbox) {
        if (open.remove(mailbox) != null) {
            count.decrementAndGet();
        }
    }

    public int size() {
        return count.get();
    }

    /** Ends the streams of some callers, gracefully. */
    public void close(Predicate<Caller> whose) {
        open.forEach((mailbox, caller) -> {
            if (whose.test(caller)) {
                mailbox.end(Mailbox.End.CLOSED);
            }
        });
    }

    /** Ends all streams, gracefully, and takes no more. */
    public void closeAll() {
        closed = true;
        close(caller -> true);
    }
}
