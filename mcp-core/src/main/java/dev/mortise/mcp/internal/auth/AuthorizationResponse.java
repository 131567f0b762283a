package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.internal.text.Excerpt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the browser came back with, in the order in which it may be believed. */
final class AuthorizationResponse {
    private static final int SHOWN = 300;

    private AuthorizationResponse() {}

    /**
     * The code, if everything is right. The issuer comes before the error: what somebody else says is not repeated
     * (basic/authorization: Authorization Response Validation).
     */
    static String code(Map<String, String> response, String state, ServerMetadata server)
            throws AuthorizationException {
        byte[] given = response.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, state.getBytes(StandardCharsets.UTF_8))) {
            throw new AuthorizationException(Reason.RESPONSE, "The authorization response has another state");
        }
        checkIssuer(response.get("iss"), server);
        String error = response.get("error");
        if (error != null) {
            Reason reason = error.equals("access_denied") ? Reason.DENIED : Reason.RESPONSE;
            String description = response.get("error_description");
            throw new AuthorizationException(
                    reason,
                    "The authorization server " + server.issuer() + " did not authorize: " + Excerpt.of(error, SHOWN)
                            + (description == null ? "" : " (" + Excerpt.of(description, SHOWN) + ")"),
                    Excerpt.of(error, SHOWN),
                    null);
        }
        String code = response.get("code");
        if (code == null || code.isEmpty()) {
            throw new AuthorizationException(Reason.RESPONSE, "The authorization response has no code");
        }
        return code;
    }

    /** As it is written, character by character: an issuer that is merely equivalent is another one. */
    private static void checkIssuer(@Nullable String issuer, ServerMetadata server) throws AuthorizationException {
        if (issuer == null && server.namesIssuer()) {
            throw new AuthorizationException(
                    Reason.ISSUER_MISMATCH,
                    "The authorization response does not say who it is from, but " + server.issuer() + " always does");
        }
        if (issuer != null && !issuer.equals(server.issuer())) {
            throw new AuthorizationException(
                    Reason.ISSUER_MISMATCH,
                    "The authorization response is not from " + server.issuer() + " but from "
                            + Excerpt.of(issuer, SHOWN));
        }
    }
}
