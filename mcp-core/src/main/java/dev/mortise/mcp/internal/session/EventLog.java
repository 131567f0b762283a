package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.store.EventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The streams of one session, as the store keeps them. Thread-safe; blocks as long as the store does. */
final class EventLog {
    /** The messages that belong to no request. */
    static final String LIVE = "live";

    /** What other replicas have taken for calls that run here. */
    static final String INBOX = "inbox";

    private static final int AT_ONCE = 64;

    /** What an event means to whoever reads the stream. */
    enum Kind {
        /** A position and nothing else. */
        MARK('-'),
        MESSAGE('m'),
        /** A message, and nothing comes after it: one event, so that a store that has room for one only has both. */
        LAST('l'),
        /** Nothing comes after it. */
        END('e');

        private final byte tag;

        Kind(char tag) {
            this.tag = (byte) tag;
        }

        boolean isEnd() {
            return this == LAST || this == END;
        }

        private static Kind of(byte tag) {
            for (Kind kind : values()) {
                if (kind.tag == tag) {
                    return kind;
                }
            }
            throw new IllegalStateException("The store returned what was not put there");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Logged(long position, Kind kind, byte[] json) {}

    private static final byte[] NOTHING = {};

    private final String session;
    private final EventStore store;
    private final Duration ttl;
    private final Clock clock;

    EventLog(String session, EventStore store, Duration ttl, Clock clock) {
        this.session = session;
        this.store = store;
        this.ttl = ttl;
        this.clock = clock;
    }

    long mark(String stream) {
        return append(stream, Kind.MARK, NOTHING);
    }

    long message(String stream, byte[] json) {
        return append(stream, Kind.MESSAGE, json);
    }

    long last(String stream, byte[] json) {
        return append(stream, Kind.LAST, json);
    }

    long end(String stream) {
        return append(stream, Kind.END, NOTHING);
    }

    private long append(String stream, Kind kind, byte[] json) {
        byte[] content = new byte[json.length + 1];
        content[0] = kind.tag;
        System.arraycopy(json, 0, content, 1, json.length);
        return store.append(session, stream, content, clock.instant().plus(ttl));
    }

    /** What stands behind a position, the oldest first, or the beginning of it; empty where there is nothing yet. */
    List<Logged> read(String stream, long after) {
        List<Logged> events = new ArrayList<>();
        store.read(session, stream, after, AT_ONCE).forEach(event -> {
            byte[] content = event.content();
            events.add(
                    new Logged(event.position(), Kind.of(content[0]), Arrays.copyOfRange(content, 1, content.length)));
        });
        return events;
    }

    boolean isShared() {
        return store.isShared();
    }

    void delete() {
        store.delete(session);
    }
}
