package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.util.Map;

/**
 * One way to one server. What comes back, and what goes wrong with a request, is handed to the link's {@link Inbox}.
 * Thread-safe.
 */
public interface Link extends AutoCloseable {
    /**
     * Begins a request and returns; its end, good or bad, is told to the inbox.
     *
     * @param headers header fields for this request, for links that have such
     */
    void send(Message.Request request, Map<String, String> headers);

    /**
     * Sends a notification and waits until it is on its way.
     *
     * @throws TransportException if the server cannot be reached
     */
    void send(Message.Notification notification);

    /**
     * Answers a request of the server's; only legacy servers ask.
     *
     * @throws TransportException if the server cannot be reached
     */
    void send(Message.Response response);

    /** Nobody waits for this request any more: tells the server in the way of the transport, and never blocks. */
    void cancel(RequestId request);

    /** Whether requests can still be sent. */
    boolean isOpen();

    /** Whether the server has forgotten the session, so that what was asked last was not even looked at. */
    default boolean isForgotten() {
        return false;
    }

    /** Ends what is under way; within a bounded time. */
    @Override
    void close();
}
