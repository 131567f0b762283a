package dev.mortise.mcp.transport;

import dev.mortise.mcp.jsonrpc.Message;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end of an exchange.
 *
 * @param message the response; {@code null} where there is nothing to say (an accepted notification)
 * @param status the HTTP status, for transports that have one
 * @param headers further HTTP fields, such as {@code WWW-Authenticate} or {@code Retry-After}
 */
public record Reply(Message.@Nullable Response message, int status, Map<String, String> headers) {
    public Reply {
        headers = Map.copyOf(headers);
    }

    public static Reply of(Message.Response message) {
        return new Reply(message, 200, Map.of());
    }

    public static Reply of(Message.Response message, int status) {
        return new Reply(message, status, Map.of());
    }

    /** A notification was taken: 202, no body (Streamable HTTP: Sending Messages). */
    public static Reply accepted() {
        return new Reply(null, 202, Map.of());
    }

    /** Nothing at all is sent. */
    public static Reply silence() {
        return new Reply(null, 204, Map.of());
    }
}
