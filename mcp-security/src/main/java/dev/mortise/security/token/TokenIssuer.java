package dev.mortise.security.token;

import dev.mortise.security.auth.SignatureAlgorithm;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An authorization server whose tokens are verified here. Immutable.
 */
public final class TokenIssuer {
    private final String id;
    private final KeySource keys;
    private final Set<SignatureAlgorithm> algorithms;
    private final Set<String> audiences;
    private final ClaimsMapping mapping;
    private final boolean typed;

    private TokenIssuer(Builder builder) {
        id = builder.id;
        keys = builder.keys;
        algorithms = Set.copyOf(builder.algorithms);
        audiences = Set.copyOf(builder.audiences);
        mapping = builder.mapping;
        typed = builder.typed;
    }

    /**
     * Begins an issuer.
     *
     * @param id its issuer identifier, which is compared with {@code iss} character by character (RFC 9068 section 4)
     */
    public static Builder builder(String id, KeySource keys) {
        return new Builder(id, keys);
    }

    /** An issuer with the defaults of {@link Builder}. */
    public static TokenIssuer of(String id, KeySource keys) {
        return builder(id, keys).build();
    }

    public String id() {
        return id;
    }

    /**
     * Whether tokens of this issuer say which environment they are for ({@link ClaimsMapping.Builder#environmentFrom}). If
     * not, only the endpoint that they name keeps them from another environment.
     */
    public boolean namesEnvironment() {
        return mapping.namesEnvironment();
    }

    KeySource keys() {
        return keys;
    }

    Set<SignatureAlgorithm> algorithms() {
        return algorithms;
    }

    Set<String> audiences() {
        return audiences;
    }

    ClaimsMapping mapping() {
        return mapping;
    }

    boolean isTyped() {
        return typed;
    }

    @Override
    public String toString() {
        return id;
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final KeySource keys;
        private final Set<String> audiences = new LinkedHashSet<>();
        private Set<SignatureAlgorithm> algorithms;
        private ClaimsMapping mapping = ClaimsMapping.standard();
        private boolean typed = true;

        private Builder(String id, KeySource keys) {
            if (id.isBlank()) {
                throw new IllegalArgumentException("An issuer has an identifier");
            }
            this.id = id;
            this.keys = keys;
            this.algorithms = keys.isSecret()
                    ? EnumSet.of(SignatureAlgorithm.HS256, SignatureAlgorithm.HS384, SignatureAlgorithm.HS512)
                    : SignatureAlgorithm.asymmetric();
        }

        /** What tokens may be signed with; all that fit the kind of key source unless set. */
        public Builder algorithms(SignatureAlgorithm... accepted) {
            Set<SignatureAlgorithm> set = Set.of(accepted);
            if (set.isEmpty() || set.stream().anyMatch(each -> each.isSymmetric() != keys.isSecret())) {
                throw new IllegalArgumentException(
                        "A secret goes with HS algorithms, and public keys with all others, not with " + set);
            }
            algorithms = set;
            return this;
        }

        /**
         * Another name that this issuer has for the endpoint, where it cannot put the canonical URI into {@code aud}.
         * Only for servers with one endpoint; no other server may have it.
         */
        public Builder audience(String name) {
            audiences.add(name);
            return this;
        }

        /** How claims become a caller; {@link ClaimsMapping#standard} unless set. */
        public Builder claims(ClaimsMapping newMapping) {
            mapping = newMapping;
            return this;
        }

        /**
         * Also takes tokens whose {@code typ} is {@code JWT} or missing, of authorization servers that do not follow
         * RFC 9068. ID tokens are then told from access tokens by their claims, which is weaker.
         */
        public Builder acceptUntyped() {
            typed = false;
            return this;
        }

        public TokenIssuer build() {
            return new TokenIssuer(this);
        }
    }
}
