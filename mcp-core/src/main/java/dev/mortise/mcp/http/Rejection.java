package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import java.util.Map;

/**
 * A request that is turned away before its message is looked at.
 *
 * @param reason for the peer, so without internals
 * @param headers further response fields
 * @param closes whether the connection ends with it, because what remains of the body is not worth reading
 */
record Rejection(int status, int code, String reason, Map<String, String> headers, boolean closes) {

    static Rejection of(int status, String reason) {
        return new Rejection(status, JsonRpcError.INVALID_REQUEST, reason, Map.of(), false);
    }

    /** The body is not what it should be and was not read to its end. */
    static Rejection closing(int status, String reason) {
        return new Rejection(status, JsonRpcError.INVALID_REQUEST, reason, Map.of(), true);
    }

    Rejection with(String header, String value) {
        return new Rejection(status, code, reason, Map.of(header, value), closes);
    }

    Rejection code(int code) {
        return new Rejection(status, code, reason, headers, closes);
    }

    /** An error response without id, since the request's id is not known (Streamable HTTP: Security &amp; Endpoint). */
    byte[] body() {
        return MessageCodec.encode(new Message.Failure(null, JsonRpcError.of(code, reason)));
    }
}
