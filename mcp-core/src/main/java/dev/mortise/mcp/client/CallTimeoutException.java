package dev.mortise.mcp.client;

import java.time.Duration;

/**
 * No answer came in time. The call was cancelled; what the server had done by then is unknown, except where the message
 * says that nothing was sent.
 */
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

    private CallTimeoutException(Duration limit, String message) {
        super(message, null);
        this.limit = limit;
    }

    /** As if it had not been answered; but it was not even sent. */
    public static CallTimeoutException connecting(String method, Duration limit) {
        return new CallTimeoutException(
                limit,
                method + " was not sent: its server was not connected within " + limit
                        + "; the attempt to connect goes on");
    }

    /** The limit that was passed. */
    public Duration limit() {
        return limit;
    }
}
