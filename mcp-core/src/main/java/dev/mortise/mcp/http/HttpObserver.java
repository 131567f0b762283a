package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;

/**
 * Sees every HTTP request that reaches {@link StreamableHttp}, also those that never become a call: turned away at the
 * door, too large, too slow. Called on the thread of the request, so it must not block; what it throws is logged and
 * forgotten. Called from many threads.
 */
@FunctionalInterface
public interface HttpObserver {
    /** The {@linkplain Ended#route route} of the MCP endpoint itself, wherever it is mounted. */
    String ENDPOINT = "mcp";

    /** A request has come. For each there is one {@link #ended}. */
    default void began(HttpHead head) {}

    /** A request is over: its response is written, or its client is gone. */
    void ended(HttpHead head, Ended ended);

    /**
     * How a request ended.
     *
     * @param route the path of the {@link HttpRoute} that served it, or {@link #ENDPOINT}; never a path of the client's
     * @param status what was sent; 0 if the client was gone before anything was
     * @param streamed whether the response was a stream of events
     * @param nanos from the request's head until the end of the response
     */
    record Ended(String route, int status, boolean streamed, long nanos) {}
}
