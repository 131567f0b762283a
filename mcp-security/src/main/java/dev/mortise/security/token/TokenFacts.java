package dev.mortise.security.token;

import dev.mortise.mcp.call.Attribute;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the token that a caller was admitted with, without the token. It stands on the caller. Immutable.
 *
 * @param issuer who issued it
 * @param subject as the issuer knows it, without a prefix of ours
 * @param tenant of the caller
 * @param clientId the client that it was issued to (RFC 9068 section 2.2)
 * @param credentialId its {@code jti}, or the start of its digest
 * @param expiresAt when it ends
 */
public record TokenFacts(
        String issuer,
        String subject,
        @Nullable String tenant,
        @Nullable String clientId,
        String credentialId,
        @Nullable Instant issuedAt,
        Instant expiresAt) {
    public static final Attribute<TokenFacts> ATTRIBUTE = Attribute.of("dev.mortise.security.token", TokenFacts.class);

    public Optional<String> client() {
        return Optional.ofNullable(clientId);
    }

    /** With another end. */
    TokenFacts until(Instant end) {
        return new TokenFacts(issuer, subject, tenant, clientId, credentialId, issuedAt, end);
    }
}
