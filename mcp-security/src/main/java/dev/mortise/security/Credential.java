package dev.mortise.security;

import dev.mortise.mcp.call.Attribute;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller was admitted with, and how far it reaches. It stands on the {@link dev.mortise.mcp.call.Caller} that an
 * authenticator makes. It holds no secret. Immutable.
 *
 * @param id names the credential in audit and limits, and is safe to be shown: a key's id, a token's {@code jti} or the
 *     start of its digest; never the credential itself
 * @param environment what it was made for; {@code null} if it does not say
 * @param reach the highest level that it may be used for, whatever else is granted
 * @param tools the only tools that it may be used for; {@code null} for all
 */
public record Credential(
        Kind kind,
        String id,
        @Nullable Environment environment,
        SecurityLevel reach,
        @Nullable Set<String> tools) {
    public static final Attribute<Credential> ATTRIBUTE =
            Attribute.of("dev.mortise.security.credential", Credential.class);

    /** What sort of credential it is. */
    public enum Kind {
        API_KEY,
        /** A token that this server verifies by itself (RFC 9068). */
        JWT,
        /** A token that its issuer was asked about (RFC 7662). */
        OPAQUE_TOKEN,
        /** None: the process that started this one. */
        LOCAL
    }

    public Credential {
        tools = tools == null ? null : Set.copyOf(tools);
    }

    public Optional<Environment> madeFor() {
        return Optional.ofNullable(environment);
    }

    public boolean allowsTool(String name) {
        return tools == null || tools.contains(name);
    }
}
