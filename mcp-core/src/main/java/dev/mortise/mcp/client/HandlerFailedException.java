package dev.mortise.mcp.client;

import org.jspecify.annotations.Nullable;

/** The server had a question, and the handler that this client was given for it failed, or gave an unfit answer. */
public final class HandlerFailedException extends McpException {
    private static final long serialVersionUID = 1L;

    public HandlerFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
