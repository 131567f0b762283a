package dev.mortise.security.token;

import java.time.Instant;
import java.util.Set;

/**
 * A token for another API, on behalf of a caller. Immutable.
 *
 * @param value a secret
 * @param type {@code Bearer}
 * @param scopes that it was issued with
 */
public record DownstreamToken(String value, String type, Set<String> scopes, Instant expiresAt) {
    public DownstreamToken {
        scopes = Set.copyOf(scopes);
    }

    /** For the {@code Authorization} field of a request to that API. */
    public String authorization() {
        return type + " " + value;
    }

    @Override
    public String toString() {
        return type + " token until " + expiresAt;
    }
}
