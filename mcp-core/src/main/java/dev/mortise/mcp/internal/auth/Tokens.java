package dev.mortise.mcp.internal.auth;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and what they belong to: they go to no other server, and to no other authorization server.
 *
 * @param server the URI of the MCP server, canonical
 * @param resource as what the authorization server knows it
 * @param bound whether the access token is bound to the key of this client (RFC 9449)
 * @param expires when the access token ends, as far as that was said
 * @param scopes what was asked for, and what was granted
 * @param origin where they came from in this run
 */
public record Tokens(
        String server,
        String issuer,
        String resource,
        String clientId,
        String access,
        boolean bound,
        Optional<Instant> expires,
        Optional<String> refresh,
        Set<String> scopes,
        Origin origin) {
    private static final int MAX_LENGTH = 64 * 1024;

    enum Origin {
        STORED,
        REFRESHED,
        AUTHORIZED
    }

    /** Whether a text can stand in an {@code Authorization} field as a token (RFC 6750 section 2.1). */
    public static boolean isSendable(@Nullable String token) {
        return token != null
                && !token.isEmpty()
                && token.length() <= MAX_LENGTH
                && token.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != ',');
    }

    boolean expiredAt(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    Tokens withRefresh(Optional<String> token) {
        return new Tokens(server, issuer, resource, clientId, access, bound, expires, token, scopes, origin);
    }

    @Override
    public String toString() {
        return "Tokens[" + server + " from " + issuer + "]";
    }
}
