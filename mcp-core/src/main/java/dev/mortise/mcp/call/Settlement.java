package dev.mortise.mcp.call;

import dev.mortise.mcp.schema.CallToolResult;
import java.time.Duration;

/**
 * The two ends of a charge that an interceptor at {@link Stage#METER} attached to a call. Register it with the
 * server's builder. A token is any text that lets every replica find the charge again; it travels, sealed, through
 * the client. Both methods must be idempotent and may be called on another replica, or after a restart.
 */
public interface Settlement {
    /** Tells this settlement's tokens from others'. Unique in a server, the same in every replica and version. */
    String name();

    /**
     * The call pauses to ask the user: release what is held, because an abandoned question must not eat a quota.
     *
     * @return the token to carry on with; it may name the quoted price
     */
    String suspend(String token);

    /**
     * The call goes on for longer than a request does: keep what is held for at least this time. Called again and again
     * while it runs.
     */
    default void renew(String token, Duration atLeast) {}

    /**
     * A call that {@linkplain Call#isDetached outlives its request} has come to this result, which is about to be kept for
     * its client; what is charged for it is settled right after that. Must not wait for a store, and changes nothing.
     *
     * @return the result to be kept: with a receipt, where there is one to be given
     */
    default CallToolResult receipt(String token, CallToolResult result) {
        return result;
    }

    /**
     * The logical call has ended.
     *
     * @throws dev.mortise.mcp.store.StoreUnavailable if it cannot be settled now: for a task, it is tried again later, here
     *     or elsewhere
     */
    void settle(String token, Ending ending);

    /** How a logical call ended. */
    enum Ending {
        COMPLETED,
        /** A complete result that says {@code isError}. */
        TOOL_ERROR,
        /** A JSON-RPC error. */
        REFUSED,
        /** A JSON-RPC error, too: the call, or its task, took longer than it may. */
        TIMED_OUT,
        /** The client cancelled the call or went away. */
        CANCELLED
    }
}
