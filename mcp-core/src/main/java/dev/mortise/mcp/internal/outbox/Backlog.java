package dev.mortise.mcp.internal.outbox;

import dev.mortise.mcp.jsonrpc.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, oldest first, and what may be left out when the reader is slow. Not thread-safe:
 * {@link Outbox} guards it.
 */
final class Backlog {
    /** How many offered notifications wait at the most. */
    static final int CAPACITY = 256;

    private static final String PROGRESS = "notifications/progress";
    private static final String LIST_CHANGED = "/list_changed";
    private static final String RESOURCE_UPDATED = "notifications/resources/updated";

    /** A notification on its way. */
    static final class Entry {
        final Message.Notification notification;

        /** Somebody waits until it is written, so it is never left out. */
        final boolean awaited;

        boolean written;

        private Entry(Message.Notification notification, boolean awaited) {
            this.notification = notification;
            this.awaited = awaited;
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>(0);

    /** Adds it, unless a slow reader can do without: returns whether it was added. */
    boolean offer(Message.Notification notification) {
        if (notification.method().equals(PROGRESS)) {
            dropOlderProgress();
        } else if (onlySaysLookAgain(notification) && isWaiting(notification)) {
            return false;
        }
        if (entries.size() >= CAPACITY) {
            return false;
        }
        entries.add(new Entry(notification, false));
        return true;
    }

    Entry await(Message.Notification notification) {
        Entry entry = new Entry(notification, true);
        entries.add(entry);
        return entry;
    }

    @Nullable
    Entry poll() {
        return entries.poll();
    }

    void remove(Entry entry) {
        entries.remove(entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void clear() {
        entries.clear();
    }

    private void dropOlderProgress() {
        for (Iterator<Entry> it = entries.descendingIterator(); it.hasNext(); ) {
            Entry entry = it.next();
            if (!entry.awaited && entry.notification.method().equals(PROGRESS)) {
                it.remove();
                return;
            }
        }
    }

    private static boolean onlySaysLookAgain(Message.Notification notification) {
        return notification.method().endsWith(LIST_CHANGED)
                || notification.method().equals(RESOURCE_UPDATED);
    }

    private boolean isWaiting(Message.Notification notification) {
        for (Entry entry : entries) {
            if (entry.notification.equals(notification)) {
                return true;
            }
        }
        return false;
    }
}
