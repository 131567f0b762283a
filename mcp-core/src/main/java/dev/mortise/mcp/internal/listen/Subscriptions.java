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
    private final Map<String, Integer> byCaller = new ConcurrentHashMap<>();
    private final int limit;
    private final int limitPerCaller;
    private volatile boolean closed;

    /** @param limitPerCaller for callers who are somebody: all who are anonymous look like one */
    public Subscriptions(int limit, int limitPerCaller) {
        this.limit = limit;
        this.limitPerCaller = limitPerCaller;
    }

    /** Takes a new stream in; false if there are too many, or none are taken any more. */
    boolean add(Mailbox mailbox, Caller caller) {
        if (count.incrementAndGet() > limit) {
            count.decrementAndGet();
            return false;
        }
        if (isSomebody(caller) && byCaller.merge(caller.identity(), 1, Integer::sum) > limitPerCaller) {
            leave(caller);
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
        Caller caller = open.remove(mailbox);
        if (caller != null) {
            leave(caller);
            count.decrementAndGet();
        }
    }

    private void leave(Caller caller) {
        if (isSomebody(caller)) {
            byCaller.computeIfPresent(caller.identity(), (identity, streams) -> streams > 1 ? streams - 1 : null);
        }
    }

    private static boolean isSomebody(Caller caller) {
        return !caller.identity().equals(Caller.anonymous().identity());
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
