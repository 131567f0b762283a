package dev.mortise.security.token;

import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.internal.caller.ReservedCallers;
import dev.mortise.security.internal.jose.CompactJwt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the claims of an issuer's tokens become a caller. What is configured has to be there: a token without its tenant
 * or environment is refused, never taken for one without. Claims are named by a path, because their names have dots:
 * {@code scopes("realm_access", "roles")}. Immutable.
 */
public final class ClaimsMapping {
    private static final int MAX_SUBJECT = 256;
    private static final int MAX_SCOPES = 512;

    private final List<List<String>> scopes;
    private final @Nullable String tenant;
    private final List<String> tenantPath;
    private final Set<String> tenants;
    private final List<String> environmentPath;
    private final List<String> reachPath;
    private final SecurityLevel reach;
    private final String subjectPrefix;

    private ClaimsMapping(Builder builder) {
        scopes = List.copyOf(builder.scopes);
        tenant = builder.tenant;
        tenantPath = builder.tenantPath;
        tenants = builder.tenants;
        environmentPath = builder.environmentPath;
        reachPath = builder.reachPath;
        reach = builder.reach;
        subjectPrefix = builder.subjectPrefix;
    }

    /** Subject {@code sub}, scopes of {@code scope} and {@code scp}, and nothing else. */
    public static ClaimsMapping standard() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether every token has to say its environment. */
    boolean namesEnvironment() {
        return !environmentPath.isEmpty();
    }

    /** Whether a caller of this and one of another issuer could be taken for the same. */
    boolean overlaps(ClaimsMapping other) {
        if (tenant != null && other.tenant != null && !tenant.equals(other.tenant)) {
            return false;
        }
        return subjectPrefix.startsWith(other.subjectPrefix) || other.subjectPrefix.startsWith(subjectPrefix);
    }

    /** What comes of claims. */
    sealed interface Mapped {
        record Known(Caller caller) implements Mapped {}

        record Refused(String description, String reason) implements Mapped {}
    }

    Mapped caller(Credential.Kind kind, String issuer, String credentialId, JsonNode claims, Instant expiresAt) {
        String subject = CompactJwt.text(claims, "sub").orElse("");
        if (subject.isEmpty() || subject.length() > MAX_SUBJECT || hasControls(subject)) {
            return new Mapped.Refused("The token names no subject", "no-subject");
        }
        String caller = subjectPrefix + subject;
        String owner = tenant;
        if (!tenantPath.isEmpty()) {
            owner = at(claims, tenantPath)
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .orElse("");
            boolean known = tenants.isEmpty() ? !owner.isEmpty() : tenants.contains(owner);
            if (!known || owner.length() > MAX_SUBJECT || hasControls(owner)) {
                return new Mapped.Refused("The token is of no tenant that this server has", "unknown-tenant");
            }
        }
        if (ReservedCallers.contains(caller, owner)) {
            return new Mapped.Refused("The token names a subject that stands for nobody", "reserved-subject");
        }
        Optional<Environment> environment = Optional.empty();
        if (!environmentPath.isEmpty()) {
            environment = at(claims, environmentPath).flatMap(ClaimsMapping::environment);
            if (environment.isEmpty()) {
                return new Mapped.Refused("The token does not say its environment", "no-environment");
            }
        }
        Credential credential = new Credential(kind, credentialId, environment.orElse(null), reach(claims), null);
        Caller mapped = Caller.of(caller)
                .withScopes(scopes(claims))
                .withExpiry(expiresAt)
                .with(Credential.ATTRIBUTE, credential)
                .with(
                        TokenFacts.ATTRIBUTE,
                        new TokenFacts(
                                issuer,
                                subject,
                                owner,
                                CompactJwt.text(claims, "client_id")
                                        .or(() -> CompactJwt.text(claims, "azp"))
                                        .orElse(null),
                                credentialId,
                                CompactJwt.time(claims, "iat").orElse(null),
                                expiresAt));
        return new Mapped.Known(owner == null ? mapped : mapped.withTenant(owner));
    }

    private Set<String> scopes(JsonNode claims) {
        Set<String> found = new LinkedHashSet<>();
        for (List<String> path : scopes) {
            for (String text : CompactJwt.texts(at(claims, path).orElse(null))) {
                for (String scope : text.split(" ", -1)) {
                    if (isScope(scope) && found.size() < MAX_SCOPES) {
                        found.add(scope);
                    }
                }
            }
        }
        return found;
    }

    /** A level that is no level reaches nothing much. */
    private SecurityLevel reach(JsonNode claims) {
        if (reachPath.isEmpty()) {
            return reach;
        }
        SecurityLevel own = SecurityLevel.LOW;
        String text = at(claims, reachPath)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .orElse("")
                .toUpperCase(Locale.ROOT);
        for (SecurityLevel level : SecurityLevel.values()) {
            if (level.name().equals(text)) {
                own = level;
            }
        }
        return own.compareTo(reach) > 0 ? reach : own;
    }

    private static Optional<Environment> environment(JsonNode node) {
        try {
            return node.isString() ? Optional.of(new Environment(node.stringValue())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> at(JsonNode claims, List<String> path) {
        JsonNode node = claims;
        for (String name : path) {
            node = node.get(name);
            if (node == null) {
                return Optional.empty();
            }
        }
        return Optional.of(node);
    }

    private static boolean isScope(String scope) {
        return !scope.isEmpty() && scope.chars().allMatch(c -> c > 0x20 && c < 0x7F && c != '"' && c != '\\');
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final List<List<String>> scopes = new ArrayList<>(List.of(List.of("scope"), List.of("scp")));
        private @Nullable String tenant;
        private List<String> tenantPath = List.of();
        private Set<String> tenants = Set.of();
        private List<String> environmentPath = List.of();
        private List<String> reachPath = List.of();
        private SecurityLevel reach = SecurityLevel.CRITICAL;
        private String subjectPrefix = "";

        private Builder() {}

        /** Takes scopes from this claim, too: one string with spaces, or an array. */
        public Builder scopes(String... path) {
            scopes.add(List.of(path));
            return this;
        }

        /** All callers are of this tenant: the issuer is the tenant's own. */
        public Builder tenant(String name) {
            tenant = name;
            return this;
        }

        /**
         * Callers are of the tenant that a claim names.
         *
         * @param allowed those that this issuer may speak for; empty for every one, which an issuer gets only if it is
         *     trusted by all tenants
         */
        public Builder tenantFrom(Set<String> allowed, String... path) {
            tenants = Set.copyOf(allowed);
            tenantPath = List.of(path);
            return this;
        }

        /** The environment that tokens were made for is in this claim; those without it are refused. */
        public Builder environmentFrom(String... path) {
            environmentPath = List.of(path);
            return this;
        }

        /** The level that a token reaches is in this claim, by name; where it is none, {@link SecurityLevel#LOW}. */
        public Builder reachFrom(String... path) {
            reachPath = List.of(path);
            return this;
        }

        /** No token of this issuer reaches more than this. */
        public Builder reach(SecurityLevel highest) {
            reach = highest;
            return this;
        }

        /** Stands before every subject of this issuer, where another issuer may have the same. */
        public Builder subjectPrefix(String prefix) {
            subjectPrefix = prefix;
            return this;
        }

        public ClaimsMapping build() {
            if (tenant != null && !tenantPath.isEmpty()) {
                throw new IllegalStateException("The tenant is fixed, or in a claim, and not both");
            }
            return new ClaimsMapping(this);
        }
    }
}
