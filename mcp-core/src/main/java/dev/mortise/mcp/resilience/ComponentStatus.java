package dev.mortise.mcp.resilience;

import org.jspecify.annotations.Nullable;

/**
 * How a component is.
 *
 * @param problem why it does not run; {@code null} if it does, or was never tried
 */
public record ComponentStatus(
        String name,
        int tier,
        boolean required,
        State state,
        @Nullable String problem) {
    /** Where a component stands. */
    public enum State {
        NEW,
        STARTING,
        RUNNING,
        /** Its start failed, or it waits for another that does not run; it is tried again if it is optional. */
        FAILED,
        STOPPED
    }
}
