package dev.mortise.mcp.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Gives the HTTP requests of a client their credential, and learns from the answers. One object serves all requests
 * to one server, from several threads; both methods may block while a credential is obtained.
 */
public interface HttpAuthorization {
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
     * @param fields the header fields of the answer by name, in any case
     * @throws IOException if the server asks for a credential that cannot be had
     */
    Verdict answered(Request request, int status, Function<String, List<String>> fields) throws IOException;

    /** Sends no credential. */
    static HttpAuthorization none() {
        return NoAuthorization.INSTANCE;
    }
}
