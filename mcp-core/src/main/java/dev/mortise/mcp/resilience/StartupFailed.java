package dev.mortise.mcp.resilience;

/**
 * A required component did not start. Everything that had started is stopped again when this is thrown; what failed at
 * that is {@linkplain #getSuppressed suppressed}.
 */
public final class StartupFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String component;

    StartupFailed(String component, String reason, Throwable cause) {
        super("The required component " + component + " did not start: " + reason, cause);
        this.component = component;
    }

    /** The name of the first that failed. */
    public String component() {
        return component;
    }
}
