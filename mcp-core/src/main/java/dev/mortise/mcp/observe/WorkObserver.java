package dev.mortise.mcp.observe;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands around what a call waits for: a database, Redis, a search, a model. {@link ServerTracing#work()} makes spans of it
 * inside that of the call. Thread-safe; called on the thread that waits.
 */
public interface WorkObserver {
    /** Nothing is observed. */
    WorkObserver NONE = new WorkObserver() {
        @Override
        public <T extends @Nullable Object> T observe(Work work, String what, Supplier<T> body) {
            return body.get();
        }
    };

    /** What is waited for. */
    enum Work {
        POSTGRESQL("postgresql"),
        SQLITE("sqlite"),
        REDIS("redis"),
        RETRIEVAL("retrieval"),
        EMBEDDING("embeddings");

        private final String label;

        Work(String label) {
            this.label = label;
        }

        /** As spans have it; of a database, the value of {@code db.system.name} in OpenTelemetry's conventions. */
        public String label() {
            return label;
        }

        boolean isDatabase() {
            return this == POSTGRESQL || this == SQLITE || this == REDIS;
        }
    }

    /**
     * Does the work, and gives what it gives; what it throws goes through.
     *
     * @param what it is, in a few fixed words: never anything of a caller's
     */
    <T extends @Nullable Object> T observe(Work work, String what, Supplier<T> body);
}
