package dev.mortise.billing.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where what administrators do is taken down. Thread-safe. */
@FunctionalInterface
public interface AdministrationAudit {
    /** What became of it. */
    enum Outcome {
        /** It is about to be done. */
        BEGUN,
        DONE,
        /** It was not done: wrong input, or a conflict, or the database is away. */
        FAILED,
        /** Whoever asked may not. */
        DENIED
    }

    /**
     * Something that an administrator did, or tried to.
     *
     * @param administrator tenant and subject
     * @param action method and path
     * @param target the tenant or id that it is about, if it says so
     * @param command tells attempts that belong together; {@code null} for what changes nothing
     */
    record Event(
            Instant at,
            String administrator,
            String action,
            @Nullable String target,
            @Nullable String command,
            Outcome outcome) {}

    /**
     * Takes it down. When it throws for {@link Outcome#BEGUN}, nothing is done.
     */
    void record(Event event);
}
