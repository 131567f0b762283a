package dev.mortise.security.user;

import dev.mortise.mcp.call.Caller;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may call. Immutable.
 *
 * @param subject as {@link Caller#subject()}; unique in its tenant
 * @param tenant {@code null} where there are none
 * @param name for people
 * @param roles what they allow is said by {@link Roles}
 * @param disabledAt {@code null} while the user is welcome
 */
public record User(
        String subject,
        @Nullable String tenant,
        String name,
        Set<String> roles,
        Instant createdAt,
        @Nullable Instant disabledAt) {
    private static final int LONGEST = 256;

    public User {
        if (subject.isEmpty() || subject.length() > LONGEST || name.length() > LONGEST) {
            throw new IllegalArgumentException("A subject has 1 to 256 characters, and a name at most 256");
        }
        if (tenant != null && (tenant.isEmpty() || tenant.length() > LONGEST)) {
            throw new IllegalArgumentException("A tenant has 1 to 256 characters");
        }
        roles = Set.copyOf(roles);
        for (String role : roles) {
            if (role.isEmpty() || role.length() > LONGEST || role.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("A role has 1 to 256 characters on one line");
            }
        }
    }

    public boolean isDisabled() {
        return disabledAt != null;
    }

    /** As {@link Caller#identity()}. */
    public String identity() {
        return identity(subject, tenant);
    }

    static String identity(String subject, @Nullable String tenant) {
        Caller caller = Caller.of(subject);
        return (tenant == null ? caller : caller.withTenant(tenant)).identity();
    }

    User withRoles(Set<String> newRoles) {
        return new User(subject, tenant, name, newRoles, createdAt, disabledAt);
    }

    User disabled(@Nullable Instant at) {
        return new User(subject, tenant, name, roles, createdAt, at);
    }
}
