package dev.mortise.mcp.call;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, as established by an {@link Authenticator}; never taken from what a client says about itself.
 * Immutable. Two callers with the same {@link #identity()} are one and the same to Mortise.
 */
public final class Caller {
    private static final Caller ANONYMOUS = new Caller("anonymous", null, Set.of(), null, Attributes.NONE);
    private static final Caller LOCAL = new Caller("local", null, Set.of(), null, Attributes.NONE);

    private final String subject;
    private final @Nullable String tenant;
    private final Set<String> scopes;
    private final @Nullable Instant expiresAt;
    private final Attributes attributes;

    /** Made when it is first asked for; whoever is first, it is the same text. */
    private @Nullable String identity;

    private Caller(
            String subject,
            @Nullable String tenant,
            Set<String> scopes,
            @Nullable Instant expiresAt,
            Attributes attributes) {
        this.subject = Objects.requireNonNull(subject, "subject");
        this.tenant = tenant;
        this.scopes = Set.copyOf(scopes);
        this.expiresAt = expiresAt;
        this.attributes = attributes;
    }

    /** Somebody on the network, where no authenticator is installed. */
    public static Caller anonymous() {
        return ANONYMOUS;
    }

    /** The user whose process started this server and speaks to it over stdio. */
    public static Caller local() {
        return LOCAL;
    }

    /** @param subject unique within its tenant, or overall where there is no tenant */
    public static Caller of(String subject) {
        return new Caller(subject, null, Set.of(), null, Attributes.NONE);
    }

    public Caller withTenant(String newTenant) {
        return new Caller(subject, newTenant, scopes, expiresAt, attributes);
    }

    public Caller withScopes(Set<String> newScopes) {
        return new Caller(subject, tenant, newScopes, expiresAt, attributes);
    }

    /** When the credential ends; streams of this caller end with it. */
    public Caller withExpiry(Instant newExpiry) {
        return new Caller(subject, tenant, scopes, newExpiry, attributes);
    }

    public <T> Caller with(Attribute<T> attribute, T value) {
        return new Caller(subject, tenant, scopes, expiresAt, attributes.with(attribute, value));
    }

    public String subject() {
        return subject;
    }

    public Optional<String> tenant() {
        return Optional.ofNullable(tenant);
    }

    public Set<String> scopes() {
        return scopes;
    }

    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    public <T> Optional<T> get(Attribute<T> attribute) {
        return attributes.get(attribute);
    }

    /** Tenant and subject in one unambiguous string: what request state is bound to. */
    public String identity() {
        String known = identity;
        if (known == null) {
            known = tenant == null ? "-:" + subject : tenant.length() + ":" + tenant + ":" + subject;
            identity = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return tenant == null ? subject : tenant + "/" + subject;
    }
}
