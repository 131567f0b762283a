package dev.mortise.mcp.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * One HTTP response as its container takes it. Implemented by the adapter of a container. The binding calls it from
 * one thread at a time, though not always from the same.
 */
public interface HttpResponse {
    /** Sets the status and the fields: all at once, and before anything of the body. */
    void head(int status, Map<String, String> fields);

    /** The body. The head goes out with its first flush, or with the end of the request. */
    OutputStream output() throws IOException;

    /** A long stream of small events follows, so large buffers would be held in vain. Called before {@link #head}. */
    default void expectEvents() {}

    /** The connection is of no further use, because the rest of the request's body is not going to be read. */
    void closeConnection();
}
