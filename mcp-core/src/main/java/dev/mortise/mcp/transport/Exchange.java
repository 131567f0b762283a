package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import java.io.IOException;
import java.util.List;
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

    /** As {@link #receive}, decoded: by the transport, where that had to look into it anyway. */
    default Optional<MessageCodec.Decoded> message() throws IOException {
        return receive().map(MessageCodec::decode);
    }

    /** The connection that the message came over, where that carries more than this exchange. */
    default Optional<Channel> channel() {
        return Optional.empty();
    }

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

    /**
     * Writes a request of the server's own, which legacy revisions know, and waits until it is on its way.
     *
     * @throws IOException if the sender is gone, or there is no way for requests to it
     */
    default void send(Message.Request request) throws IOException {
        throw new IOException("This transport has no way for requests to a client");
    }

    /**
     * Writes an event of a stream that can be resumed, and waits until it is written.
     *
     * @throws IOException if the sender is gone, or this transport has no such streams
     */
    default void deliver(StreamEvent event) throws IOException {
        throw new IOException("This transport has no streams of events");
    }

    /** Whether the sender takes a stream of events for an answer. */
    default boolean acceptsEvents() {
        return true;
    }

    /** Closes the connection while the call goes on, if the client can come back for the rest; else does nothing. */
    default void hangUp() {}

    /** Answers, once; anything offered after that is dropped. Does nothing if the sender is gone. */
    void reply(Reply reply);

    /** As {@link #reply}, to a batch (revision 2025-03-26, basic: Batching): all its responses. */
    default void replyAll(List<Message.Response> responses) {
        reply(Reply.of(
                new Message.Failure(
                        null,
                        JsonRpcError.of(JsonRpcError.INVALID_REQUEST, "This transport takes one message at a time")),
                400));
    }

    /** Runs the action, once, when the sender goes away before the reply; at once if it is gone already. */
    void onGone(Runnable action);
}
