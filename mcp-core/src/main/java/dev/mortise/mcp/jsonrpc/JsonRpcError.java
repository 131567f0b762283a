package dev.mortise.mcp.jsonrpc;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The {@code error} member of an error response.
 *
 * @param code a standard JSON-RPC code, one of the MCP codes below, or an application's own code outside
 *     −32768…−32000 (specification, basic: Error Codes)
 * @param message one short sentence; shown to the peer, so it never holds internals
 * @param data further information, or {@code null}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JsonRpcError(
        int code, String message, @Nullable JsonNode data) {
    public static final int PARSE_ERROR = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL_ERROR = -32603;

    /** HTTP headers do not match the body, or a required one is missing or malformed. */
    public static final int HEADER_MISMATCH = -32020;

    /** The request needs a capability that the client did not declare on it. */
    public static final int MISSING_REQUIRED_CLIENT_CAPABILITY = -32021;

    /** The request names a protocol version that this server does not speak. */
    public static final int UNSUPPORTED_PROTOCOL_VERSION = -32022;

    /** The user has to visit a page first (revision 2025-11-25 only, client: Elicitation). */
    public static final int URL_ELICITATION_REQUIRED = -32042;

    public static JsonRpcError of(int code, String message) {
        return new JsonRpcError(code, message, null);
    }
}
