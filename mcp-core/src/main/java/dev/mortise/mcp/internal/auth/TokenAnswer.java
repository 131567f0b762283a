package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.internal.text.Excerpt;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what a token endpoint gave (RFC 6749 section 5.1). */
final class TokenAnswer {
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final int SHOWN = 100;

    private TokenAnswer() {}

    /**
     * @param asked the scopes that were asked for; granted, unless the answer says something else
     * @param mustBind whether a token that is not bound to the key is refused
     */
    static Tokens read(Scene scene, Grant.Granted granted, Set<String> asked, Tokens.Origin origin, boolean mustBind)
            throws AuthorizationException {
        Document answer = granted.answer();
        String issuer = scene.metadata().issuer();
        String access = answer.text("access_token")
                .filter(Tokens::isSendable)
                .orElseThrow(() -> wrong(issuer, "has no access token that can be sent"));
        String type = answer.text("token_type")
                .orElseThrow(() -> wrong(issuer, "does not say what type of token it is"))
                .toLowerCase(Locale.ROOT);
        boolean bound = type.equals("dpop");
        if (!bound && !type.equals("bearer")) {
            throw wrong(issuer, "is of type " + Excerpt.of(type, SHOWN) + ", which is neither Bearer nor DPoP");
        }
        if (bound && scene.key().isEmpty()) {
            throw wrong(issuer, "is bound to a key, but none was shown");
        }
        if (!bound && mustBind) {
            throw wrong(issuer, "is not bound to the key that was shown");
        }
        Optional<String> scope = answer.text("scope");
        return new Tokens(
                Uris.canonical(scene.server()),
                issuer,
                scene.found().resource(),
                granted.client().id(),
                access,
                bound,
                expiry(answer, issuer, scene.clock().instant()),
                answer.text("refresh_token"),
                scope.isPresent() ? Scopes.union(asked, Scopes.parse(scope.get())) : asked,
                origin);
    }

    private static Optional<Instant> expiry(Document answer, String issuer, Instant now) throws AuthorizationException {
        JsonNode value = answer.json().path("expires_in");
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        // Some servers write the number as a text.
        String digits = value.asString("");
        if (!digits.matches("[0-9]{1,18}") || Long.parseLong(digits) == 0) {
            throw wrong(issuer, "has no lifetime that makes sense (expires_in)");
        }
        return Optional.of(now.plusSeconds(Math.min(Long.parseLong(digits), LONGEST.toSeconds())));
    }

    private static AuthorizationException wrong(String issuer, String what) {
        return new AuthorizationException(Reason.TOKEN, "The token that " + issuer + " gave " + what);
    }
}
