package dev.mortise.mcp.resilience;

/**
 * Is told of every change. Called on the threads of calls, from many at once: it returns at once, and what it throws is
 * logged. {@link Alerting} is one.
 */
@FunctionalInterface
public interface FailureListener {
    void changed(ServiceEvent event);
}
