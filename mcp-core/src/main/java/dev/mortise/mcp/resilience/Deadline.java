package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CancelSignal;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.server.HandlerCall;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Until when an answer is of use. The smaller counts of what the client says with a request, in {@link #META_KEY}, and
 * of the timeout of the tool. Immutable.
 *
 * @param nanos on the scale of the ticker
 */
public record Deadline(long nanos, Ticker ticker) {
    /**
     * The member of a request's {@code _meta} in which a client says for how many milliseconds it will wait, counted
     * from when the request arrives: no clocks are compared. A whole number from 1 to 86,400,000.
     */
    public static final String META_KEY = "dev.mortise/timeoutMs";

    static final Attribute<Deadline> ATTRIBUTE = Attribute.of("dev.mortise.mcp.resilience.deadline", Deadline.class);

    private static final long MAX_MILLIS = Duration.ofDays(1).toMillis();

    public static Deadline in(Duration duration, Ticker ticker) {
        return new Deadline(ticker.nanos() + duration.toNanos(), ticker);
    }

    /** The deadline of the call that a handler is answering, if it has one. */
    public static Optional<Deadline> of(HandlerCall call) {
        return call.get(ATTRIBUTE);
    }

    /**
     * For how long the client of a request will wait.
     *
     * @throws IllegalArgumentException if it says something else, in words for the peer
     */
    static Optional<Duration> asked(CallContext context) {
        Optional<JsonNode> said = context.meta().get(META_KEY);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        JsonNode node = said.get();
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < 1
                || node.longValue() > MAX_MILLIS) {
            throw new IllegalArgumentException("_meta." + META_KEY + " must be a whole number from 1 to " + MAX_MILLIS);
        }
        return Optional.of(Duration.ofMillis(node.longValue()));
    }

    /** What is left; zero when it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - ticker.nanos()));
    }

    public boolean isOver() {
        return nanos - ticker.nanos() <= 0;
    }

    public Deadline earlier(Deadline other) {
        return other.nanos - nanos < 0 ? other : this;
    }

    /** For a request to another MCP server that this one waits for: it should not work longer than anybody waits. */
    public Meta into(Meta meta) {
        return meta.with(META_KEY, millisLeft());
    }

    /**
     * The same for a call of an {@code McpClient}, which also ends its own waiting by then: {@code maxTime} becomes what
     * is left, where it was longer.
     */
    public CallOptions into(CallOptions options) {
        Duration left = Duration.ofMillis(millisLeft());
        Duration max = options.maxTime();
        return options.maxTime(max == null || left.compareTo(max) < 0 ? left : max)
                .meta(into(options.meta()));
    }

    /** A millisecond where it is over: nobody can wait for no time, or say so. */
    private long millisLeft() {
        return Math.clamp(left().toMillis(), 1, MAX_MILLIS);
    }

    /**
     * What a handler that asks another MCP server should ask it with: no longer than its own call has, and no longer
     * than anybody wants it.
     *
     * <pre>{@code
     * Tool.named("weather").handle((in, call) -> upstream.callTool("forecast", in, Deadline.options(call)))
     * }</pre>
     */
    public static CallOptions options(HandlerCall call) {
        CancelSignal signal = new CancelSignal();
        call.cancellation().onCancel(signal::cancel);
        CallOptions options = CallOptions.DEFAULT.cancelledBy(signal);
        return of(call).map(deadline -> deadline.into(options)).orElse(options);
    }
}
