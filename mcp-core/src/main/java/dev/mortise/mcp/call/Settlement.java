package dev.mortise.mcp.call;

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

    /** The logical call has ended. */
    void settle(String token, Ending ending);

    /** How a logical call ended. */
    enum Ending {
        COMPLETED,
        /** A complete result that says {@code isError}. */
        TOOL_ERROR,
        /** A JSON-RPC error. */
        REFUSED,
        /** The client cancelled the call or went away. */
        CANCELLED
    }
}
