package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Hedge;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.ProtectionStatus;
import dev.mortise.mcp.resilience.Retry;
import dev.mortise.mcp.resilience.ServiceEvent;
import dev.mortise.mcp.resilience.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One protected thing with the state of its policies: bulkhead, retries, breaker, hedging, timeout. Thread-safe. */
public final class Shield {
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(1);
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final String name;
    private final Protection policies;
    private final Ticker ticker;
    private final FailureListener listener;
    private final @Nullable Gate gate;
    private final @Nullable Circuit circuit;
    private final @Nullable Retry retry;
    private final @Nullable Hedge hedge;
    private final @Nullable Duration timeout;
    private final RetryBudget budget = new RetryBudget();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicBoolean toldOfAbandoned = new AtomicBoolean();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder deadlines = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder hedges = new LongAdder();
    private final LongAdder fallbacks = new LongAdder();
    private final Race.Rules rules;

    public Shield(String name, Protection policies, Ticker ticker, FailureListener listener) {
        this.name = name;
        this.policies = policies;
        this.ticker = ticker;
        this.listener = listener;
        this.gate = policies.bulkhead().map(config -> new Gate(config, ticker)).orElse(null);
        this.circuit = policies.breaker()
                .map(config -> new Circuit(name, config, ticker, RANDOM, listener))
                .orElse(null);
        this.retry = policies.retry().orElse(null);
        this.hedge = policies.hedge().orElse(null);
        this.timeout = policies.timeout().orElse(null);
        this.rules = new Race.Rules(ticker, hedge, abandoned, this::mayHedge, hedges::increment, this::hedgeOver);
    }

    public Protection policies() {
        return policies;
    }

    public String name() {
        return name;
    }

    /** Whether calls would be refused for certain because of the breaker. */
    public boolean isDown() {
        return circuit != null && circuit.isOpen();
    }

    /**
     * Runs the work under the policies.
     *
     * @param due when nobody waits for it any more; {@link Long#MAX_VALUE} if that is not known
     * @param wait how long that is from now, for the message
     */
    public <R> Ended<R> run(Work<R> work, long due, Duration wait) {
        Gate entered = gate;
        if (entered == null) {
            return attempts(work, due, wait);
        }
        switch (enter(entered, work, due)) {
            case FULL -> {
                return new Ended.Full<>(FULL_RETRY_AFTER);
            }
            case CANCELLED -> {
                return new Ended.Cancelled<>();
            }
            case ENTERED -> {}
        }
        try {
            return attempts(work, due, wait);
        } finally {
            entered.leave();
        }
    }

    private <R> Gate.Entry enter(Gate entered, Work<R> work, long due) {
        if (entered.tryEnter()) {
            return Gate.Entry.ENTERED;
        }
        Thread waiting = Thread.currentThread();
        work.onCancel(() -> LockSupport.unpark(waiting));
        long until = due == Long.MAX_VALUE ? ticker.nanos() + Duration.ofDays(1).toNanos() : due;
        return entered.enter(until, work::isCancelled);
    }

    private <R> Ended<R> attempts(Work<R> work, long due, Duration wait) {
        Ended<R> ended = attempt(work, due, wait);
        if (retry == null) {
            return ended;
        }
        int failures = 1;
        while (ended.verdict() == Circuit.Verdict.FAILURE && failures < retry.attempts()) {
            long next = ticker.nanos() + retry.backoff().delay(failures, RANDOM).toNanos();
            // A wait that outlasts the deadline helps nobody.
            if ((due != Long.MAX_VALUE && next - due >= 0) || !budget.take()) {
                return ended;
            }
            if (!pause(work, next)) {
                return new Ended.Cancelled<>();
            }
            Ended<R> again = attempt(work, due, wait);
            if (again instanceof Ended.Down<R>) {
                return ended;
            }
            retries.increment();
            failures++;
            ended = again;
        }
        if (ended.verdict() == Circuit.Verdict.SUCCESS) {
            budget.success();
        }
        return ended;
    }

    /** False if nobody wants it any more. */
    private <R> boolean pause(Work<R> work, long until) {
        Thread waiting = Thread.currentThread();
        work.onCancel(() -> LockSupport.unpark(waiting));
        while (ticker.nanos() - until < 0) {
            if (work.isCancelled() || waiting.isInterrupted()) {
                return false;
            }
            ticker.parkUntil(until);
        }
        return !work.isCancelled();
    }

    private <R> Ended<R> attempt(Work<R> work, long due, Duration wait) {
        if (circuit == null) {
            return timed(work, due, wait);
        }
        long ticket = circuit.enter();
        if (ticket == Circuit.REFUSED) {
            return new Ended.Down<>(name, circuit.retryAfter());
        }
        Circuit.Verdict verdict = Circuit.Verdict.FAILURE;
        try {
            Ended<R> ended = timed(work, due, wait);
            verdict = ended.verdict();
            return ended;
        } finally {
            circuit.exit(ticket, verdict);
        }
    }

    private <R> Ended<R> timed(Work<R> work, long due, Duration wait) {
        long until = due;
        Duration span = wait;
        boolean ours = false;
        if (timeout != null) {
            long own = ticker.nanos() + timeout.toNanos();
            if (due == Long.MAX_VALUE || own - due < 0) {
                until = own;
                span = timeout;
                ours = true;
            }
        }
        if (until == Long.MAX_VALUE && hedge == null) {
            return work.attempt(false, false, until).run();
        }
        if (abandoned.get() >= policies.maxAbandoned()) {
            tellOfAbandoned();
            return new Ended.Down<>(name, FULL_RETRY_AFTER);
        }
        if (abandoned.get() == 0 && toldOfAbandoned.get()) {
            toldOfAbandoned.set(false);
        }
        Ended<R> ended = new Race<>(work, rules).run(span, ours, until);
        if (ended instanceof Ended.TimedOut<R> late) {
            (late.own() ? timeouts : deadlines).increment();
        }
        return ended;
    }

    /** A further attempt takes a place of its own, if there is one. */
    private boolean mayHedge() {
        return abandoned.get() < policies.maxAbandoned() && (gate == null || gate.tryEnter());
    }

    private void hedgeOver() {
        if (gate != null) {
            gate.leave();
        }
    }

    private void tellOfAbandoned() {
        if (toldOfAbandoned.compareAndSet(false, true)) {
            listener.changed(new ServiceEvent.AbandonedTooMany(name, abandoned.get()));
        }
    }

    public void fellBack() {
        fallbacks.increment();
    }

    /** Shows how things stand, for as long as the process runs. */
    public void reportTo(MetricSink sink) {
        Map<String, String> labels = Map.of("name", name);
        if (circuit != null) {
            sink.gauge(MetricNames.CIRCUIT_BREAKER_STATE, labels, () -> degree(circuit.state()));
        }
        if (gate != null) {
            sink.gauge(MetricNames.BULKHEAD_ACTIVE, labels, gate::running);
            sink.gauge(MetricNames.BULKHEAD_LIMIT, labels, gate::places);
            sink.gauge(MetricNames.QUEUE_SIZE, labels, gate::queued);
        }
        sink.gauge(MetricNames.HANDLERS_ABANDONED, labels, abandoned::get);
        total(sink, "timeout", timeouts);
        total(sink, "deadline", deadlines);
        total(sink, "retry", retries);
        total(sink, "hedge", hedges);
        total(sink, "fallback", fallbacks);
    }

    private void total(MetricSink sink, String event, LongAdder counted) {
        sink.total(MetricNames.POLICY_EVENTS, Map.of("name", name, "event", event), counted::sum);
    }

    private static double degree(Breaker.State state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 0.5;
            case OPEN -> 1;
        };
    }

    public ProtectionStatus status() {
        return new ProtectionStatus(
                name,
                circuit == null ? null : circuit.state(),
                gate == null ? 0 : gate.running(),
                gate == null ? 0 : gate.queued(),
                abandoned.get(),
                timeouts.sum() + deadlines.sum(),
                retries.sum(),
                hedges.sum(),
                fallbacks.sum());
    }
}
