package dev.mortise.mcp.call;

/** Tells a running call that nobody waits for it any more. Thread-safe. */
public interface Cancellation {
    boolean isCancelled();

    /** Runs the action, once, when the call is cancelled; at once if it is already. */
    void onCancel(Runnable action);
}
