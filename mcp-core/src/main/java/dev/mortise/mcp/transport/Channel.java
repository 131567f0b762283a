package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;

/**
 * A connection that carries many messages, both ways: standard streams, for instance. For a legacy client it is the
 * session. Two exchanges belong to one connection if their channels are the same object. Thread-safe.
 */
public interface Channel {
    /**
     * Writes a message that answers none, and waits until it is written.
     *
     * @throws IOException if the connection is closed
     */
    void send(Message message) throws IOException;

    /** Runs the action, once, when the connection is closed; at once if it is closed already. */
    void onClosed(Runnable action);

    /** Closes the connection, where that is the server's to do. Does nothing if it is closed. */
    default void close() {}
}
