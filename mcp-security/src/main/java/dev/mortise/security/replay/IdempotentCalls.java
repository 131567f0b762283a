package dev.mortise.security.replay;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.IdempotencyKey;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.security.access.AccessWording;
import java.time.Duration;

/**
 * Answers a call of a tool that was sent again as it was answered the first time, instead of carrying it out again. A
 * client that wants this gives the call a key of its own making, in {@code _meta} under {@value IdempotencyKey#META_KEY}: 1 to 128
 * visible ASCII characters, unguessable, a new one for each call that is meant to happen. {@code McpClient} does it by
 * itself. The key is bound to the caller. Thread-safe.
 *
 * <p>What is kept are results, also those that say {@code isError}, and tasks that were created. A call that was refused
 * or asked a question was not carried out, and its key stays free. Where it is not known how the first one ended,
 * because its process died or it was given up, the repeated one is refused and told so: for as long as the call is remembered
 * it is never carried out twice in silence.
 *
 * <p>Refusals carry {@code data.reason}: {@value #REUSED} (422, the key belongs to other arguments), {@value #IN_USE}
 * (409, the first one is still running: try again), {@value #UNKNOWN} (409), {@value #NOT_KEPT} (409, carried out, but
 * its result was too large).
 */
public final class IdempotentCalls implements McpServer.Plugin {
    public static final String REUSED = "idempotency-key-reused";
    public static final String IN_USE = IdempotencyKey.IN_USE;
    public static final String UNKNOWN = "outcome-unknown";
    public static final String NOT_KEPT = "result-not-kept";

    private final ReplayInterceptor interceptor;

    private IdempotentCalls(Builder builder) {
        this.interceptor = new ReplayInterceptor(
                builder.store,
                new ReplayStore.Terms(builder.lease, builder.ttl, builder.mostOfCaller),
                builder.patience,
                builder.maxResultBytes,
                builder.ticker,
                null);
    }

    private IdempotentCalls(ReplayInterceptor interceptor) {
        this.interceptor = interceptor;
    }

    /** The same, with words of your own for what it refuses; {@code SecurityBuilder.wording} does this by itself. */
    public IdempotentCalls worded(AccessWording wording) {
        return new IdempotentCalls(interceptor.worded(wording));
    }

    /** Begins with where calls are remembered. */
    public static Builder in(ReplayStore store) {
        return new Builder(store);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.intercept(Stage.REPLAY, interceptor);
        builder.intercept(Stage.PROTECT, ReplayInterceptor::begun);
        builder.extension(IdempotencyKey.EXTENSION, Json.object());
    }

    /** For how long, and how much. Not thread-safe. */
    public static final class Builder {
        private final ReplayStore store;
        private Duration ttl = Duration.ofHours(1);
        private Duration lease = Duration.ofSeconds(30);
        private Duration patience = Duration.ofSeconds(5);
        private int mostOfCaller = 1_000;
        private int maxResultBytes = 256 * 1024;
        private Ticker ticker = Ticker.system();

        private Builder(ReplayStore store) {
            this.store = store;
        }

        /** How long a call is remembered after it ended, where there is room; an hour unless set. */
        public Builder ttl(Duration newTtl) {
            this.ttl = newTtl;
            return this;
        }

        /** How long after its last sign of life a process that carries a call out counts as dead; 30 s unless set. */
        public Builder lease(Duration newLease) {
            this.lease = newLease;
            return this;
        }

        /** How long a repeated call waits for the first one to end; 5 s unless set. */
        public Builder patience(Duration newPatience) {
            this.patience = newPatience;
            return this;
        }

        /**
         * The most calls of one caller that are remembered; 1,000 unless set. Those that ended first make room for others, so
         * that a busy caller's are remembered for less than the time that is set. Where so many have not ended, others are
         * refused with 429.
         */
        public Builder mostOfCaller(int calls) {
            this.mostOfCaller = calls;
            return this;
        }

        /** The most bytes that are kept of one result; 256 KiB unless set. */
        public Builder maxResultBytes(int bytes) {
            this.maxResultBytes = bytes;
            return this;
        }

        Builder ticker(Ticker newTicker) {
            this.ticker = newTicker;
            return this;
        }

        public IdempotentCalls build() {
            if (lease.toMillis() < 1 || ttl.compareTo(lease) < 0 || patience.isNegative() || mostOfCaller < 1) {
                throw new IllegalArgumentException(
                        "Calls are remembered for at least their lease, which is at least 1 ms, and at least one of"
                                + " each caller");
            }
            return new IdempotentCalls(this);
        }
    }
}
