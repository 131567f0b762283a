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
import java.util.function.Predicate;
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
    private final Predicate<? super Exception> meansDown;

    private Guard(Shield shield, Predicate<? super Exception> meansDown) {
        this.shield = shield;
        this.meansDown = meansDown;
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
        return new Guard(new Shield(Checks.name(name), protection, ticker, new Events(List.of(listeners))), e -> false);
    }

    /**
     * The same guard, which also turns exceptions that mean that the dependency is down into {@link Unavailable}. Else
     * a client would be told of a dependency that is down only once the breaker is open, and before that only that
     * something broke.
     *
     * @param down such as {@code SQLTransientConnectionException.class::isInstance}
     */
    public Guard unavailableWhen(Predicate<? super Exception> down) {
        return new Guard(shield, down);
    }

    public String name() {
        return shield.name();
    }

    /**
     * Does the work under the policies.
     *
     * @return what it returns
     * @throws Unavailable if it is not even tried, or not waited for any longer; or fails as
     *     {@link #unavailableWhen} says
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

    private Exception thrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        Exception exception = (Exception) thrown;
        if (exception instanceof Unavailable || !meansDown.test(exception)) {
            return exception;
        }
        Unavailable unavailable =
                new Unavailable(name() + " failed", new Refusal.DependencyUnavailable(name(), RETRY_AFTER));
        unavailable.initCause(exception);
        return unavailable;
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
