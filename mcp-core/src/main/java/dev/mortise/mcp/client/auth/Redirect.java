package dev.mortise.mcp.client.auth;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the browser comes back to when the user has decided. {@link LoopbackRedirect} is the one for the desktop; an
 * application with pages of its own implements this to hand over what one of them was called with.
 */
@FunctionalInterface
public interface Redirect {
    /**
     * Begins to wait for one authorization response.
     *
     * @param state what the response is known by; what comes with another one is not for this authorization
     * @param earlier the redirect URI with which this client is registered, to be used again where that is possible
     * @throws IOException if it cannot be waited for
     */
    Pending open(String state, Optional<URI> earlier) throws IOException;

    /** One authorization response that is waited for. */
    interface Pending extends AutoCloseable {
        /** The redirect URI: {@code https}, or {@code http} on this machine. */
        URI uri();

        /**
         * The parameters of the response, once it is there.
         *
         * @throws AuthorizationException with {@code TIMEOUT} if it does not come in time
         */
        Map<String, String> await(Duration patience) throws IOException, InterruptedException;

        @Override
        void close();
    }
}
