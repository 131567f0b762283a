package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.util.Optional;

/**
 * One inbound message, where it came from, and the way back to its sender. A transport makes one for every message
 * and hands it to {@code McpServer.handle}. The way back may be used from several threads.
 */
public interface Exchange {
    Origin origin();

    /**
     * Reads the message. Called once, after the caller was admitted.
     *
     * @return its bytes; empty if none arrived that can be used, and then the transport has answered for itself
     * @throws IOException if the sender is gone
     */
    Optional<byte[]> receive() throws IOException;

    /**
     * Offers a notification to the sender ahead of the reply. Never blocks: progress that was not yet written gives
     * way to newer progress, and what a slow reader does not take is dropped.
     */
    void offer(Message.Notification notification);

    /**
     * Writes a notification and waits until it is written.
     *
     * @throws IOException if the sender is gone
     */
    void deliver(Message.Notification notification) throws IOException;

    /** Answers, once; anything offered after that is dropped. Does nothing if the sender is gone. */
    void reply(Reply reply);

    /** Runs the action, once, when the sender goes away before the reply; at once if it is gone already. */
    void onGone(Runnable action);
}
