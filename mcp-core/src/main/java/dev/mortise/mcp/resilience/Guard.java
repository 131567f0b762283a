package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.resilience.Circuit;
import dev.mortise.mcp.internal.resilience.Ended;
import dev.mortise.mcp.internal.resilience.Events;
import dev.mortise.mcp.internal.resilience.Shield;
import dev.mortise.mcp.observe.MetricSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Policies around something that handlers use: a database, an upstream service. Each dependency has one guard, which
 * everybody shares who uses it. Thread-safe.
 *
 * <pre>{@code
 * Guard rates = Guard.of("exchange-rates", Protection.builder()
 *         .timeout(Duration.ofSeconds(1))
 *         .breaker(Breaker.after(5, 10))
 *         .build());
 * ...
 * BigDecimal rate = rates.call(() -> client.rate("EUR", "CNY"));
 * }</pre>
 *
 * <p>Every exception is a failure, except {@link IllegalArgumentException}, which is the caller's own. Give it retries
 * or hedging only if everything that goes through it may be done twice.
 */
public final class Guard {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Shield shield;

    private Guard(Shield shield) {
        this.shield = shield;
    }

    /**
     * A guard.
     *
     * @param name public: clients learn it when it is down
     * @throws IllegalArgumentException if the protection has a fallback: a handler catches {@link Unavailable} instead
     */
    public static Guard of(String name, Protection protection, FailureListener... listeners) {
        return of(name, protection, Ticker.system(), listeners);
    }

    public static Guard of(String name, Protection protection, Ticker ticker, FailureListener... listeners) {
        if (protection.fallback().isPresent()) {
            throw new IllegalArgumentException(
                    "The guard " + name + " has a fallback, which is for tools: catch Unavailable instead");
        }
        return new Guard(new Shield(Checks.name(name), protection, ticker, new Events(List.of(listeners))));
    }

    public String name() {
        return shield.name();
    }

    /**
     * Does the work under the policies.
     *
     * @return what it returns
     * @throws Unavailable if it is not even tried, or not waited for any longer
     * @throws InterruptedException if this thread is interrupted, because its call is cancelled or timed out
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T call(Callable<T> work) throws Exception {
        GuardedWork<T> guarded = new GuardedWork<>(work);
        return switch (shield.run(guarded, Long.MAX_VALUE, Duration.ZERO)) {
            case Ended.Value<T>(T value, Circuit.Verdict verdict) -> value;
            case Ended.Threw<T> threw -> throw thrown(threw.thrown());
            case Ended.TimedOut<T> late ->
                throw new Unavailable(name() + " took longer than " + late.after(), new Refusal.TimedOut(late.after()));
            case Ended.Down<T> down ->
                throw new Unavailable(
                        name() + " is down", new Refusal.DependencyUnavailable(name(), down.retryAfter()));
            case Ended.Full<T> full ->
                throw new Unavailable(name() + " has too many callers", new Refusal.Overloaded(full.retryAfter()));
            case Ended.Cancelled<T> cancelled -> {
                // The exception says it from here on, as everywhere in the JDK.
                Thread.interrupted();
                throw new InterruptedException("Waiting for " + name());
            }
        };
    }

    private static Exception thrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (Exception) thrown;
    }

    /** Whether the breaker refuses calls at this moment. */
    public boolean isDown() {
        return shield.isDown();
    }

    /** Shows its breaker, its bulkhead, and what its policies do. */
    public Guard reportTo(MetricSink sink) {
        shield.reportTo(sink);
        return this;
    }

    public ProtectionStatus status() {
        return shield.status();
    }

    /** How long a refusal for its sake asks to wait. */
    static Duration retryAfter() {
        return RETRY_AFTER;
    }
}
