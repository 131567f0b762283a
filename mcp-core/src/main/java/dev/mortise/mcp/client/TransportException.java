package dev.mortise.mcp.client;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, or the connection broke before the answer. Whether the server did anything is then
 * unknown: repeat only what may be done twice. The next call connects anew.
 */
public final class TransportException extends McpException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public TransportException(String message, @Nullable Throwable cause) {
        this(message, 0, cause);
    }

    /** @param status the HTTP status of the answer; 0 where there was none */
    public TransportException(String message, int status, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status, where the server answered with one that says that it cannot serve. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }
}
