package dev.mortise.mcp.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server wants a credential, or another one, and there is none to be had. */
public final class AuthorizationRequiredException extends McpException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> challenges;

    /**
     * @param status 401 or 403; 0 where the request was never sent, because its credential could not be obtained
     * @param challenges the {@code WWW-Authenticate} fields of the answer
     */
    public AuthorizationRequiredException(
            String message, int status, List<String> challenges, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.challenges = List.copyOf(challenges);
    }

    public int status() {
        return status;
    }

    /** What the server asks for, in the form of RFC 9110 section 11.6.1. */
    public List<String> challenges() {
        return challenges;
    }
}
