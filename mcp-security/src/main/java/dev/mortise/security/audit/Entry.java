package dev.mortise.security.audit;

import java.time.Instant;
import java.util.Map;

/** What a record is made of, before it has a place. */
sealed interface Entry {
    /** When it was. */
    Instant at();

    record Event(AuditEvent event) implements Entry {
        @Override
        public Instant at() {
            return event.at();
        }
    }

    /**
     * What the log says about itself.
     *
     * @param facts strings, whole numbers, lists and maps of them
     */
    record Own(Instant at, String reason, Map<String, Object> facts) implements Entry {
        static final String OPENED = "stream-opened";
        static final String CLOSED = "stream-closed";
        static final String ENDS = "streams-ended";
        static final String LOST = "events-lost";
        static final String ERASED = "erased";
        static final String PRUNED = "pruned";
        static final String KEY = "key-changed";
    }
}
