package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.dispatch.Incident;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.resilience.Ended;
import dev.mortise.mcp.internal.resilience.OverloadLimits;
import dev.mortise.mcp.internal.resilience.Protecting;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stage PROTECT: overload limits, then what the call needs, then the policies of its target. */
final class Protector implements Interceptor, Protecting {
    private static final Logger LOG = LoggerFactory.getLogger(Protector.class);

    /** No tool can have this name. */
    private static final Map<String, String> ALL_CALLS = Map.of("name", "*");

    private final ShieldBook shields;
    private final Needs needs;
    private final @Nullable Overload overload;
    private final @Nullable OverloadLimits limit;
    private final Ticker ticker;
    private final FailureListener listener;
    private final LongAdder shed = new LongAdder();

    Protector(
            List<Matching> patterns,
            Needs needs,
            @Nullable Overload overload,
            Ticker ticker,
            FailureListener listener) {
        this.shields = new ShieldBook(patterns, needs, ticker, listener);
        this.needs = needs;
        this.overload = overload;
        this.limit = overload == null ? null : new OverloadLimits(overload, ticker);
        this.ticker = ticker;
        this.listener = listener;
    }

    void serves(RunningServer server) {
        shields.serves(server);
    }

    void inspect(Entry entry) {
        shields.inspect(entry);
    }

    void reportTo(MetricSink sink) {
        shields.reportTo(sink);
        if (limit != null) {
            sink.gauge(MetricNames.BULKHEAD_ACTIVE, ALL_CALLS, limit::inFlight);
            sink.gauge(MetricNames.BULKHEAD_LIMIT, ALL_CALLS, limit::limit);
            sink.total(MetricNames.MCP_SHED_CALLS, Map.of(), shed::sum);
        }
    }

    List<ProtectionStatus> statuses() {
        return shields.statuses();
    }

    int limit() {
        return limit == null ? -1 : limit.limit();
    }

    int inFlight() {
        return limit == null ? 0 : limit.inFlight();
    }

    long shed() {
        return shed.sum();
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        Target target = call.target();
        if (target.kind() == Target.Kind.NONE || !target.exists()) {
            return chain.proceed(call);
        }
        if (limit == null || overload == null) {
            return protect(call, chain);
        }
        OverloadLimits.Lane lane = limit.lane(target);
        if (!limit.tryEnter(lane)) {
            shed.increment();
            if (lane.beginsShedding()) {
                listener.changed(new ServiceEvent.Shedding(lane.name(), true, lane.limit()));
            }
            long most = overload.retryAfter().toMillis();
            return refused(new Refusal.Overloaded(
                    Duration.ofMillis(most + ThreadLocalRandom.current().nextLong(most + 1))));
        }
        return limited(limit, lane, call, chain);
    }

    private Outcome limited(OverloadLimits limits, OverloadLimits.Lane lane, Call call, Chain chain) {
        long began = ticker.nanos();
        boolean says = false;
        boolean late = false;
        try {
            Outcome outcome = protect(call, chain);
            late = outcome instanceof Outcome.Refused refused && refused.refusal() instanceof Refusal.TimedOut;
            says = late || outcome instanceof Outcome.Complete;
            return outcome;
        } finally {
            if (says) {
                limits.leave(lane, call.target().name(), ticker.nanos() - began, late);
            } else {
                limits.leave(lane);
            }
            if (lane.endsShedding()) {
                listener.changed(new ServiceEvent.Shedding(lane.name(), false, lane.limit()));
            }
        }
    }

    private Outcome protect(Call call, Chain chain) {
        Optional<Duration> asked;
        try {
            // A task goes on after its client has its answer: how long that waits for one does not matter then.
            asked = call instanceof LiveCall live && live.isDetached()
                    ? Optional.empty()
                    : Deadline.asked(call.context());
        } catch (IllegalArgumentException e) {
            return refused(Refusal.InvalidParams.of(String.valueOf(e.getMessage())));
        }
        ShieldBook.Bound bound = shields.of(call, asked.isPresent());
        if (!bound.needs().isEmpty()) {
            Optional<String> down = bound.needs().stream().filter(needs::isDown).findFirst();
            if (down.isPresent()) {
                return fallback(bound, call, new Refusal.DependencyUnavailable(down.get(), Guard.retryAfter()));
            }
        }
        if (bound.shield() == null) {
            return chain.proceed(call);
        }
        Duration wait = asked.orElse(Duration.ZERO);
        long due = asked.isPresent() ? ticker.nanos() + wait.toNanos() : Long.MAX_VALUE;
        boolean once = !bound.shield().policies().repeats();
        Ended<Outcome> ended = bound.shield().run(new GuardedCall(call, chain, ticker, once), due, wait);
        return switch (ended) {
            case Ended.Value<Outcome>(Outcome outcome, var verdict) -> settled(bound, call, ended, outcome);
            case Ended.Threw<Outcome> threw -> {
                String what = "Failed: protecting " + call.target().name();
                yield refused(Incident.refusal(what, threw.thrown()));
            }
            case Ended.TimedOut<Outcome> late -> fallback(bound, call, new Refusal.TimedOut(late.after()));
            case Ended.Down<Outcome> down ->
                fallback(bound, call, new Refusal.DependencyUnavailable(down.what(), down.retryAfter()));
            case Ended.Full<Outcome> full -> fallback(bound, call, new Refusal.Overloaded(full.retryAfter()));
            case Ended.Cancelled<Outcome> cancelled -> refused(new Refusal.Cancelled());
        };
    }

    private static Outcome settled(ShieldBook.Bound bound, Call call, Ended<Outcome> ended, @Nullable Outcome outcome) {
        if (outcome == null) {
            throw new IllegalStateException("The rest of the chain gave no outcome");
        }
        return ended.isFailure() ? fallback(bound, call, outcome) : outcome;
    }

    private static Outcome fallback(ShieldBook.Bound bound, Call call, Refusal refusal) {
        return fallback(bound, call, refused(refusal));
    }

    private static Outcome fallback(ShieldBook.Bound bound, Call call, Outcome otherwise) {
        Fallback fallback = bound.fallback();
        if (fallback == null || call.cancellation().isCancelled()) {
            return otherwise;
        }
        try {
            Object value = fallback.answer(call);
            ToolOutcome answer = answer(bound.tool(), value);
            if (bound.shield() != null) {
                bound.shield().fellBack();
            }
            return switch (answer) {
                case ToolOutcome.Done(CallToolResult result) -> new Outcome.Complete(result);
                case ToolOutcome.Ask ask -> new Outcome.InputRequired(ask.questions());
                case ToolOutcome.Refused refused -> refused(refused.refusal());
            };
        } catch (Exception e) {
            LOG.warn("The fallback of {} failed", call.target().name(), e);
            return otherwise;
        }
    }

    /** @throws IllegalStateException if the value does not fit the output schema of the tool */
    private static ToolOutcome answer(@Nullable Tool tool, @Nullable Object value) {
        if (tool == null) {
            return ToolOutcome.from(value, false);
        }
        // A text is no result of a tool whose results have a schema; the model can read it all the same.
        return tool.definition().outputSchema() != null && value instanceof CharSequence text
                ? ToolOutcome.failed(text.toString())
                : tool.outcome(value);
    }

    private static Outcome refused(Refusal refusal) {
        return new Outcome.Refused(refusal);
    }
}
