package dev.mortise.mcp.client;

import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The server answered with a JSON-RPC error. */
public final class RpcException extends McpException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 500;

    private final transient JsonRpcError error;
    private final int status;

    public RpcException(String method, JsonRpcError error) {
        this(method, error, 200);
    }

    /** @param status the HTTP status that came with the error; 200 on transports that have none */
    public RpcException(String method, JsonRpcError error, int status) {
        super(text(method, error), null);
        this.error = error;
        this.status = status;
    }

    /** The code, such as {@link JsonRpcError#INVALID_PARAMS}, or one of the server's own. */
    public int code() {
        return error.code();
    }

    /** What the server says, as it came. */
    public String reason() {
        return error.message();
    }

    /** What the server added. */
    public Optional<JsonNode> data() {
        return Optional.ofNullable(error.data());
    }

    /** The HTTP status that came with the error; 200 on transports that have none. */
    public int status() {
        return status;
    }

    private static String text(String method, JsonRpcError error) {
        return method + " failed: " + Excerpt.of(error.message(), LONGEST) + " (" + error.code() + advice(error) + ")";
    }

    private static @Nullable String advice(JsonRpcError error) {
        return switch (error.code()) {
            case JsonRpcError.METHOD_NOT_FOUND -> "; the server does not have this method, see server().capabilities()";
            case JsonRpcError.MISSING_REQUIRED_CLIENT_CAPABILITY ->
                "; give the client a handler for what the server needs: " + error.data();
            default -> "";
        };
    }
}
