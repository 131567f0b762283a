package dev.mortise.mcp.client;

import java.time.Duration;

/** No answer came in time. The call was cancelled; what the server had done by then is unknown. */
public final class CallTimeoutException extends McpException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;

    public CallTimeoutException(String method, Duration limit) {
        super(
                method + " was not answered within " + limit + "; CallOptions.timeout allows more, and resetOnProgress"
                        + " lets a server that reports progress go on",
                null);
        this.limit = limit;
    }

    /** The limit that was passed. */
    public Duration limit() {
        return limit;
    }
}
