package dev.mortise.security.key;

import dev.mortise.mcp.call.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key. Nothing in here lets anybody in. Immutable.
 *
 * @param hash SHA-256 in hexadecimal
 * @param subject whose calls it makes
 * @param label for people
 * @param parent the key that this one narrows; {@code null} if there is none
 * @param lastUsedAt a few seconds late; {@code null} if it never was
 */
public record StoredKey(
        String id,
        String hash,
        String environment,
        String subject,
        @Nullable String tenant,
        String label,
        KeyLimits limits,
        @Nullable String parent,
        Instant createdAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {
    private static final int LONGEST_NAME = 256;

    public StoredKey {
        if (subject.isEmpty() || subject.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("A subject has 1 to " + LONGEST_NAME + " characters");
        }
        if (tenant != null && (tenant.isEmpty() || tenant.length() > LONGEST_NAME)) {
            throw new IllegalArgumentException("A tenant has 1 to " + LONGEST_NAME + " characters");
        }
        if (label.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("A label has at most " + LONGEST_NAME + " characters");
        }
    }

    /** Whether it lets its holder in at this time. */
    public boolean isGood(Instant now) {
        return revokedAt == null && (limits.expiresAt() == null || now.isBefore(limits.expiresAt()));
    }

    /** Its owner, as {@link Caller#identity()}. */
    public String owner() {
        Caller caller = Caller.of(subject);
        return (tenant == null ? caller : caller.withTenant(tenant)).identity();
    }

    /** The same, ending at this time unless it does so before. */
    public StoredKey endingBy(Instant end) {
        Instant expiry = limits.expiresAt();
        if (expiry != null && expiry.isBefore(end)) {
            return this;
        }
        return new StoredKey(
                id,
                hash,
                environment,
                subject,
                tenant,
                label,
                limits.withExpiry(end),
                parent,
                createdAt,
                revokedAt,
                lastUsedAt);
    }

    public StoredKey withParent(String newParent) {
        return new StoredKey(
                id, hash, environment, subject, tenant, label, limits, newParent, createdAt, revokedAt, lastUsedAt);
    }

    public StoredKey revoked(Instant at) {
        return new StoredKey(id, hash, environment, subject, tenant, label, limits, parent, createdAt, at, lastUsedAt);
    }

    public StoredKey used(Instant at) {
        return new StoredKey(id, hash, environment, subject, tenant, label, limits, parent, createdAt, revokedAt, at);
    }
}
