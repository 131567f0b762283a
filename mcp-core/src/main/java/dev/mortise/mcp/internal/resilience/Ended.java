package dev.mortise.mcp.internal.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How work ended, or why it did not begin. */
public sealed interface Ended<R> {
    /** It succeeded, or came to something that is none of our business, such as a question to the user. */
    record Value<R>(@Nullable R value, Circuit.Verdict verdict) implements Ended<R> {}

    /** It threw. */
    record Threw<R>(Throwable thrown, Circuit.Verdict verdict) implements Ended<R> {}

    /**
     * It took too long.
     *
     * @param own whether by the policies' own timeout; a client that does not wait must not open a breaker for others
     */
    record TimedOut<R>(Duration after, boolean own) implements Ended<R> {}

    /** Nobody wants it any more. */
    record Cancelled<R>() implements Ended<R> {}

    /** The breaker is open, or what it needs is down. */
    record Down<R>(String what, Duration retryAfter) implements Ended<R> {}

    /** Too many at once. */
    record Full<R>(Duration retryAfter) implements Ended<R> {}

    default boolean isFailure() {
        return verdict() == Circuit.Verdict.FAILURE;
    }

    /** What it means for breakers and retries. */
    default Circuit.Verdict verdict() {
        return switch (this) {
            case Value<R> value -> value.verdict;
            case Threw<R> threw -> threw.verdict;
            case TimedOut<R> late -> late.own ? Circuit.Verdict.FAILURE : Circuit.Verdict.NEITHER;
            case Cancelled<R> cancelled -> Circuit.Verdict.NEITHER;
            case Down<R> down -> Circuit.Verdict.NEITHER;
            case Full<R> full -> Circuit.Verdict.NEITHER;
        };
    }
}
