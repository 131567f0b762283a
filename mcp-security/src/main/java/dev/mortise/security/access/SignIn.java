package dev.mortise.security.access;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a host finds out who is in front of a browser: usually by OpenID Connect. Never by the address of the page, which
 * whoever asks for an approval knows (elicitation: Phishing). Called from many threads; it may block.
 */
public interface SignIn {
    /**
     * Somebody who has signed in.
     *
     * @param caller with the same subject and tenant as the tokens of this person have; scopes say whether other people's
     *     requests may be decided on
     * @param at when the person proved who they are, {@code auth_time} in OpenID Connect
     * @param session a secret that this browser alone sends, such as its cookie; the forms of the page are bound to it
     */
    record SignedIn(Caller caller, Instant at, String session) {
        @Override
        public String toString() {
            return caller + " at " + at;
        }
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
