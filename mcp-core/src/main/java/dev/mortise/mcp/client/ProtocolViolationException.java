package dev.mortise.mcp.client;

import org.jspecify.annotations.Nullable;

/**
 * The server sent what it must not send: an answer of the wrong shape, structured content that breaks the tool's own
 * output schema, pages or questions without end, more than the client's limits allow. Repeating will hardly help.
 */
public final class ProtocolViolationException extends McpException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolationException(String message) {
        this(message, null);
    }

    public ProtocolViolationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
