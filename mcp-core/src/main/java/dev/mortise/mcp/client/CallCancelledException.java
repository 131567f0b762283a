package dev.mortise.mcp.client;

/**
 * The call was given up: by its {@link CancelSignal}, by an interrupt of its thread (whose interrupt status is then
 * set), by closing the client, or by the server, which cancelled the task.
 */
public final class CallCancelledException extends McpException {
    private static final long serialVersionUID = 1L;

    public CallCancelledException(String message) {
        super(message, null);
    }
}
