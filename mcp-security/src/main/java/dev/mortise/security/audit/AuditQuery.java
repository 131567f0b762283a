package dev.mortise.security.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which records to find; all that are {@code null} do not matter. Immutable.
 *
 * @param tenant only the records of this tenant; {@code null} for all tenants, which only administrators of all may ask
 * @param from the earliest, inclusive
 * @param to the latest, exclusive
 * @param cursor {@link AuditPage#next} of the page before
 * @param limit at most so many, 1 to 1000
 */
public record AuditQuery(
        @Nullable String tenant,
        @Nullable String subject,
        @Nullable String target,
        AuditEvent.@Nullable Kind kind,
        AuditEvent.@Nullable Outcome outcome,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String cursor,
        int limit) {
    private static final int LIMIT = 100;
    private static final int MOST = 1000;

    public AuditQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("A limit lies between 1 and 1000, but is " + limit);
        }
    }

    public static AuditQuery ofTenant(String tenant) {
        return new AuditQuery(tenant, null, null, null, null, null, null, null, LIMIT);
    }

    public static AuditQuery ofAllTenants() {
        return new AuditQuery(null, null, null, null, null, null, null, null, LIMIT);
    }

    public AuditQuery subject(String newSubject) {
        return new AuditQuery(tenant, newSubject, target, kind, outcome, from, to, cursor, limit);
    }

    public AuditQuery target(String newTarget) {
        return new AuditQuery(tenant, subject, newTarget, kind, outcome, from, to, cursor, limit);
    }

    public AuditQuery kind(AuditEvent.Kind newKind) {
        return new AuditQuery(tenant, subject, target, newKind, outcome, from, to, cursor, limit);
    }

    public AuditQuery outcome(AuditEvent.Outcome newOutcome) {
        return new AuditQuery(tenant, subject, target, kind, newOutcome, from, to, cursor, limit);
    }

    public AuditQuery from(Instant newFrom) {
        return new AuditQuery(tenant, subject, target, kind, outcome, newFrom, to, cursor, limit);
    }

    public AuditQuery to(Instant newTo) {
        return new AuditQuery(tenant, subject, target, kind, outcome, from, newTo, cursor, limit);
    }

    public AuditQuery after(@Nullable String newCursor) {
        return new AuditQuery(tenant, subject, target, kind, outcome, from, to, newCursor, limit);
    }

    public AuditQuery limit(int newLimit) {
        return new AuditQuery(tenant, subject, target, kind, outcome, from, to, cursor, newLimit);
    }
}
