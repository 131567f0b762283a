package dev.mortise.mcp.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/** One JSON-RPC 2.0 message. Encoded and decoded by {@link MessageCodec}. */
public sealed interface Message {

    /** A request; {@code params} is an empty object where the message had none. */
    record Request(RequestId id, String method, ObjectNode params) implements Message {}

    /** A notification; {@code params} is {@code null} where there are none. */
    record Notification(String method, @Nullable JsonNode params) implements Message {
        public static Notification of(String method, Object params) {
            return new Notification(method, wire(params));
        }
    }

    /** The answer to a request: its result or its error. */
    sealed interface Response extends Message permits Result, Failure {}

    /** A successful answer. */
    record Result(RequestId id, JsonNode result) implements Response {
        public static Result of(RequestId id, Object result) {
            return new Result(id, wire(result));
        }
    }

    /** A failed answer; {@code id} is {@code null} only where the request's id could not be read. */
    record Failure(@Nullable RequestId id, JsonRpcError error) implements Response {}

    /**
     * Wraps a wire value so that it is written once, straight to the bytes, when the message is encoded. A
     * decoded message always holds a plain tree.
     */
    private static JsonNode wire(Object value) {
        return value instanceof JsonNode node ? node : new POJONode(value);
    }

    /** The params of a request that has none. */
    static ObjectNode noParams() {
        return JsonNodeFactory.instance.objectNode();
    }
}
