package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.jsonrpc.RequestId;
import org.jspecify.annotations.Nullable;

/** Where a {@link Link} puts what the server sends. Thread-safe; never blocks for long. */
public interface Inbox {
    /**
     * A message has come.
     *
     * @param stream the request whose answer carried it; {@code null} where all share one channel
     */
    void received(byte[] message, @Nullable RequestId stream);

    /** This request will not be answered. */
    void failed(RequestId request, McpException why);

    /** Whether this request needs no answer any more. */
    boolean isSettled(RequestId request);

    /** The time that passes now is not the server's: a person is signing in. */
    void hold(RequestId request);

    /** The end of {@link #hold}. */
    void release(RequestId request);

    /** Nothing more can be sent; what is under way may still be answered. */
    void over(McpException why);

    /** The link is gone, and with it every request that was not answered. */
    void lost(McpException why);
}
