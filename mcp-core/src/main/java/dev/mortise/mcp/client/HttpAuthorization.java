package dev.mortise.mcp.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gives the HTTP requests of a client their credential, and learns from the answers. One object serves all requests
 * to one server, from several threads; both methods may block while a credential is obtained, for minutes where a
 * user has to be asked. {@link dev.mortise.mcp.client.auth.OAuth} has the ready ones.
 */
public interface HttpAuthorization {
    /**
     * How often a transport sends one request at most, the first time included. An authorization bounds what it costs
     * a user; this bounds the rest, such as a server that never likes the nonce of a proof.
     */
    int MAX_SENDINGS = 8;

    /** An HTTP request that is about to be sent. {@code target} is its URI without the fragment. */
    record Request(String method, URI target) {}

    /** What to do about an answer. */
    enum Verdict {
        /** Nothing: the answer stands. */
        ACCEPT,
        /** Send the request once more, with fields from {@link #fields}: there is another credential now. */
        SEND_AGAIN
    }

    /**
     * The header fields for a request, such as {@code Authorization} and {@code DPoP}; none where there is no
     * credential yet. Asked before each sending, a repeated one too, because a proof is good for one request.
     *
     * @throws IOException if a credential is needed and cannot be had; its message is for the client's developer
     */
    Map<String, String> fields(Request request) throws IOException;

    /**
     * An answer has come, of any status. Obtains another credential where the answer asks for one (401, or 403 with
     * {@code insufficient_scope}), within limits of its own, so that no server can make a client ask for ever.
     *
     * @param sent what {@link #fields} gave for this sending: with many requests under way, only this tells an answer
     *     to an old credential from one to the current
     * @param fields the header fields of the answer by name, in any case
     * @throws IOException if the server asks for a credential that cannot be had
     */
    Verdict answered(Request request, Map<String, String> sent, int status, Function<String, List<String>> fields)
            throws IOException;

    /** Sends no credential. */
    static HttpAuthorization none() {
        return NoAuthorization.INSTANCE;
    }

    /**
     * Sends a bearer token that somebody else looks after (RFC 6750), to the origin of the first request and to no
     * other. It is asked for before each sending; after a 401 the request is sent again if there is another one then.
     *
     * @param token gives the current token; called from several threads
     */
    static HttpAuthorization bearer(Supplier<String> token) {
        return new BearerAuthorization(token);
    }
}
