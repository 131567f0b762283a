package dev.mortise.security.access;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a host finds out who is in front of a browser: usually by OpenID Connect. Never by the address of the page, which
 * whoever asks for an approval knows (elicitation: Phishing). Called from many threads; it may block.
 */
public interface SignIn {
    /** How far ahead the clock of a provider may be. */
    Duration SKEW = Duration.ofMinutes(1);

    /**
     * Somebody who has signed in.
     *
     * @param caller with the same subject and tenant as the tokens of this person have; scopes say whether other people's
     *     requests may be decided on
     * @param at when the person proved who they are, {@code auth_time} in OpenID Connect: see {@link #authTime}. What lies
     *     in the future proves nothing, and is taken for nobody's having signed in
     * @param session a secret that this browser alone sends, such as its cookie; the forms of the page are bound to it
     */
    record SignedIn(Caller caller, Instant at, String session) {
        @Override
        public String toString() {
            return caller + " at " + at;
        }
    }

    /**
     * The {@code auth_time} of an ID token (OpenID Connect Core 1.0 section 2): whole seconds. Empty where it is missing or
     * anything else, milliseconds above all: they would be a time far ahead, and no old session would ever look old.
     *
     * @param now by the clock of this server; that of the provider may be a minute ahead
     */
    static Optional<Instant> authTime(JsonNode claims, Instant now) {
        JsonNode time = claims.path("auth_time");
        if (!time.isIntegralNumber() || !time.canConvertToLong()) {
            return Optional.empty();
        }
        long seconds = time.longValue();
        return seconds < 0 || seconds > now.plus(SKEW).getEpochSecond()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(seconds));
    }

    /** Who is signed in; empty if nobody is. */
    Optional<SignedIn> current(HttpRoute.Request request);

    /**
     * Has the person sign in, again if they have before ({@code prompt=login}), and come back.
     *
     * @param returnTo an address of the page
     */
    HttpRoute.Response begin(HttpRoute.Request request, URI returnTo);

    /** What it serves itself, such as the address that an identity provider sends people back to. */
    default List<HttpRoute> routes() {
        return List.of();
    }
}
