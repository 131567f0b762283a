package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * All that came back for one message that was sent over an {@link InMemoryTransport}.
 *
 * @param reply the end, with the status and headers that HTTP would have; its message was decoded from bytes
 * @param notifications what came before the reply, in order
 */
public record Received(Reply reply, List<Message.Notification> notifications) {
    public Received {
        notifications = List.copyOf(notifications);
    }

    /**
     * The response.
     *
     * @throws IllegalStateException if there is none, as for a notification
     */
    public Message.Response response() {
        if (reply.message() == null) {
            throw new IllegalStateException("There is no response, only status " + reply.status());
        }
        return reply.message();
    }

    /**
     * The result of the request.
     *
     * @throws IllegalStateException if it was answered with an error, or not at all
     */
    public JsonNode result() {
        return switch (response()) {
            case Message.Result result -> result.result();
            case Message.Failure failure ->
                throw new IllegalStateException("There is no result: the request failed with " + failure.error());
        };
    }

    /**
     * The error that the message was answered with.
     *
     * @throws IllegalStateException if it was answered with a result, or not at all
     */
    public JsonRpcError error() {
        return switch (response()) {
            case Message.Failure failure -> failure.error();
            case Message.Result result ->
                throw new IllegalStateException("There is no error: the result is " + result.result());
        };
    }
}
