package dev.mortise.mcp.client.auth;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Authorization failed. The message is for the client's developer; it never has a token, a code, a verifier or a
 * secret in it, and what it repeats of a server's words is short and on one line.
 */
public final class AuthorizationException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for code that reacts to it. */
    public enum Reason {
        /** A server could not be reached, or answered with a failure of its own: the same may work later. */
        UNAVAILABLE,
        /** The server's metadata or that of its authorization server is missing or cannot be used. */
        DISCOVERY,
        /** The metadata is about another resource than the server that is being called. */
        RESOURCE_MISMATCH,
        /** Metadata or an authorization response names another issuer than it must, or none. */
        ISSUER_MISMATCH,
        /** The authorization server lacks what is required, such as PKCE with S256. */
        UNSUPPORTED,
        /** A URL that came from a server may not be fetched or opened. */
        UNSAFE_URL,
        /** There is no client id for this authorization server, or it refused to register one. */
        REGISTRATION,
        /** The user said no. */
        DENIED,
        /** The user did not come back in time. */
        TIMEOUT,
        /** The authorization response is wrong, or says that authorization failed. */
        RESPONSE,
        /** The token endpoint refused, or its answer cannot be used. */
        TOKEN,
        /** The server wants scopes that authorizing again does not bring. */
        INSUFFICIENT_SCOPE,
        /** The server refuses credentials that were obtained for it just now. */
        REJECTED
    }

    private final Reason reason;
    private final @Nullable String error;

    public AuthorizationException(Reason reason, String message) {
        this(reason, message, null, null);
    }

    public AuthorizationException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, null, cause);
    }

    /** @param error the code that the authorization server gave, such as {@code invalid_grant} */
    public AuthorizationException(Reason reason, String message, @Nullable String error, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.error = error;
    }

    public Reason reason() {
        return reason;
    }

    /** The code that the authorization server gave (RFC 6749 sections 4.1.2.1 and 5.2). */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }
}
