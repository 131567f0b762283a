package dev.mortise.mcp.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** That something about the service has changed. Names are those that the host gave. */
public sealed interface ServiceEvent {
    /** Of what it is said. */
    String name();

    /** A circuit breaker has changed its state. */
    record BreakerChanged(String name, Breaker.State from, Breaker.State to) implements ServiceEvent {}

    /**
     * A component did not start, or stop.
     *
     * @param retryIn when it is tried again; {@code null} if it is not
     */
    record ComponentFailed(
            String name,
            boolean required,
            String reason,
            @Nullable Duration retryIn) implements ServiceEvent {}

    record ComponentStarted(String name, Duration took) implements ServiceEvent {}

    record ComponentStopped(String name, Duration took) implements ServiceEvent {}

    /** Handlers that ignore their interrupt have become as many as may be: calls are refused. */
    record AbandonedTooMany(String name, int abandoned) implements ServiceEvent {}

    /** The overload limit of a tool, or of what the name stands for, has begun, or ceased, to refuse calls. */
    record Shedding(String name, boolean began, int limit) implements ServiceEvent {}

    /** A health check has changed its mind. */
    record HealthChanged(String name, boolean up, String reason) implements ServiceEvent {}
}
