package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Attribute;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policies around a tool, or around something that tools depend on. Immutable; several may share it, and each has
 * its own breaker, bulkhead and counts.
 *
 * <p>From the outside in: fallback, bulkhead, retries, breaker, hedging, timeout. The timeout is for one attempt.
 *
 * <p><b>What is a failure</b>, to retries and to breakers: that a handler throws, or exceeds its own timeout; that it
 * refuses with {@code DependencyUnavailable}, {@code Overloaded}, {@code TimedOut} or {@code Internal}. <b>What is a
 * success</b>: a result. Everything else says nothing either way, because a client can bring it about by itself: a
 * result that says {@code isError}, which tells the model something, of its arguments most of the time; any other
 * refusal; a question to the user; a call that its client cancels, or for which it did not want to wait long enough.
 *
 * <p>An attempt with a timeout, or a hedged one, has a virtual thread of its own. When its time is over it is cancelled
 * and interrupted, and the call goes on at once. A handler that ignores both is abandoned: it is counted until it
 * returns, and while there are {@link Builder#maxAbandoned} of them, calls are refused.
 */
public final class Protection {
    /** Declares the policies of a tool, resource or prompt; see its {@code with}. */
    public static final Attribute<Protection> ATTRIBUTE =
            Attribute.of("dev.mortise.mcp.resilience.protection", Protection.class);

    private final @Nullable Duration timeout;
    private final @Nullable Retry retry;
    private final @Nullable Breaker breaker;
    private final @Nullable Bulkhead bulkhead;
    private final @Nullable Hedge hedge;
    private final @Nullable Fallback fallback;
    private final Set<String> needs;
    private final int maxAbandoned;

    private Protection(Builder builder) {
        this.timeout = builder.timeout;
        this.retry = builder.retry;
        this.breaker = builder.breaker;
        this.bulkhead = builder.bulkhead;
        this.hedge = builder.hedge;
        this.fallback = builder.fallback;
        this.needs = Set.copyOf(builder.needs);
        this.maxAbandoned = builder.maxAbandoned;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    public Optional<Retry> retry() {
        return Optional.ofNullable(retry);
    }

    public Optional<Breaker> breaker() {
        return Optional.ofNullable(breaker);
    }

    public Optional<Bulkhead> bulkhead() {
        return Optional.ofNullable(bulkhead);
    }

    public Optional<Hedge> hedge() {
        return Optional.ofNullable(hedge);
    }

    public Optional<Fallback> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** The components and guards without which a call is refused at once. */
    public Set<String> needs() {
        return needs;
    }

    public int maxAbandoned() {
        return maxAbandoned;
    }

    /** Whether what it protects may run more than once for one call. */
    public boolean repeats() {
        return retry != null || hedge != null;
    }

    /** The same without retries and hedging. */
    public Protection once() {
        return toBuilder().retry(null).hedge(null).build();
    }

    /** The same without a fallback. */
    Protection withoutFallback() {
        return toBuilder().fallback(null).build();
    }

    private Builder toBuilder() {
        Builder builder = new Builder().retry(retry).hedge(hedge).fallback(fallback);
        builder.timeout = timeout;
        builder.breaker = breaker;
        builder.bulkhead = bulkhead;
        builder.needs.addAll(needs);
        builder.maxAbandoned = maxAbandoned;
        return builder;
    }

    /** Composes policies; contradictions are found here. */
    public static final class Builder {
        private @Nullable Duration timeout;
        private @Nullable Retry retry;
        private @Nullable Breaker breaker;
        private @Nullable Bulkhead bulkhead;
        private @Nullable Hedge hedge;
        private @Nullable Fallback fallback;
        private final Set<String> needs = new LinkedHashSet<>();
        private int maxAbandoned = 50;

        private Builder() {}

        /** The time of one attempt. */
        public Builder timeout(Duration newTimeout) {
            this.timeout = Checks.positive(newTimeout, "timeout");
            return this;
        }

        /** Only for tools whose annotations say that they are read-only or idempotent. */
        public Builder retry(@Nullable Retry newRetry) {
            this.retry = newRetry;
            return this;
        }

        public Builder breaker(Breaker newBreaker) {
            this.breaker = newBreaker;
            return this;
        }

        public Builder bulkhead(Bulkhead newBulkhead) {
            this.bulkhead = newBulkhead;
            return this;
        }

        /** Only for tools whose annotations say that they are read-only or idempotent. */
        public Builder hedge(@Nullable Hedge newHedge) {
            this.hedge = newHedge;
            return this;
        }

        /** Only for tools. */
        public Builder fallback(@Nullable Fallback newFallback) {
            this.fallback = newFallback;
            return this;
        }

        /** The name of a component or guard: while it is down, or its breaker open, calls are refused, or fall back. */
        public Builder needs(String... names) {
            needs.addAll(Set.of(names));
            return this;
        }

        /** The most handlers that ignore their interrupt; 50 unless set. */
        public Builder maxAbandoned(int most) {
            this.maxAbandoned = Checks.between(most, 1, 100_000, "maxAbandoned");
            return this;
        }

        /**
         * Composes the policies.
         *
         * @throws IllegalArgumentException if they contradict each other
         */
        public Protection build() {
            if (hedge != null && timeout != null && hedge.after().compareTo(timeout) >= 0) {
                throw new IllegalArgumentException(
                        "A hedge after " + hedge.after() + " never begins, because the timeout is " + timeout);
            }
            return new Protection(this);
        }
    }
}
