package dev.mortise.security.access;

import dev.mortise.mcp.call.Target;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step-up: lets a caller use one thing of level HIGH, for a time. Immutable.
 *
 * @param identity whom it is for, as {@link dev.mortise.mcp.call.Caller#identity()}
 * @param pin digest of the tool's definition as it was; the grant does not count for another
 * @param by who gave it
 */
public record Grant(
        String id,
        String identity,
        String subject,
        @Nullable String tenant,
        Target.Kind kind,
        String name,
        String pin,
        String by,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant revokedAt) {
    /** Whether it counts at this time. */
    public boolean isGood(Instant now) {
        return revokedAt == null && now.isBefore(expiresAt);
    }

    public Grant revoked(Instant at) {
        return new Grant(id, identity, subject, tenant, kind, name, pin, by, createdAt, expiresAt, at);
    }

    boolean isFor(Target target) {
        return kind == target.kind() && name.equals(target.name());
    }
}
