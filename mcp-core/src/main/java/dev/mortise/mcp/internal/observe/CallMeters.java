package dev.mortise.mcp.internal.observe;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.transport.HttpHead;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and times every call. */
public final class CallMeters implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(CallMeters.class);
    private static final int MAX_CODES = 20;

    /** What a call is counted under. Meters are looked up once and kept, since a registry takes its time over it. */
    private record Series(
            String method, String tool, String prompt, Ending ending, ProtocolVersion version, boolean http) {}

    private record Meters(Counter requests, Timer duration, Timer operation) {}

    private final MeterRegistry registry;
    private final Buckets buckets;
    private final CallLabels labels;
    private final Labels codes = new Labels(MAX_CODES);
    private final Clock clock;
    private final LongAdder active = new LongAdder();
    private final Map<Series, Meters> meters = new ConcurrentHashMap<>();

    public CallMeters(MeterRegistry registry, Buckets buckets, CallLabels labels) {
        this.registry = registry;
        this.buckets = buckets;
        this.labels = labels;
        this.clock = registry.config().clock();
        Gauge.builder(MetricNames.MCP_ACTIVE_CALLS, active, LongAdder::sum)
                .description("Calls that are being handled")
                .register(registry);
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        active.increment();
        long began = clock.monotonicTime();
        try {
            Outcome outcome = chain.proceed(call);
            record(call, outcome, clock.monotonicTime() - began);
            return outcome;
        } finally {
            active.decrement();
        }
    }

    private void record(Call call, Outcome outcome, long nanos) {
        try {
            Ending ending = bounded(Ending.of(call, outcome));
            Series series = new Series(
                    labels.method(call, ending),
                    labels.tool(call),
                    labels.prompt(call),
                    ending,
                    call.context().version(),
                    call.context().origin() instanceof HttpHead);
            Meters found = meters.get(series);
            if (found == null) {
                found = meters.computeIfAbsent(series, this::register);
            }
            found.requests().increment();
            found.duration().record(nanos, TimeUnit.NANOSECONDS);
            found.operation().record(nanos, TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            // The call has its outcome, and a registry that fails must not take it away.
            LOG.warn("A call could not be counted", e);
        }
    }

    /** An application's own codes are its own choice, so there may be any number of them. */
    private Ending bounded(Ending ending) {
        if (!ending.name().equals("custom")) {
            return ending;
        }
        String code = codes.learn(ending.code());
        return new Ending(ending.name(), code, code);
    }

    private Meters register(Series series) {
        Ending ending = series.ending();
        Tags outcome = Tags.of("method", series.method(), "tool", series.tool(), "outcome", ending.name());
        Counter requests = Counter.builder(MetricNames.API_REQUESTS)
                .description("Calls by how they ended")
                .tags(outcome)
                .tag("revision", String.valueOf(series.version()))
                .register(registry);
        Timer duration = Timer.builder(MetricNames.API_REQUEST_DURATION)
                .description("How long calls take")
                .tags(outcome)
                .serviceLevelObjectives(buckets.durations())
                .register(registry);
        Timer operation = Timer.builder(MetricNames.MCP_SERVER_OPERATION_DURATION)
                .description("How long MCP requests take, by the OpenTelemetry conventions")
                .tags(conventional(series))
                .serviceLevelObjectives(Buckets.CONVENTIONAL)
                .register(registry);
        return new Meters(requests, duration, operation);
    }

    /** A label that does not apply is empty: a registry wants the same label names for all meters of one name. */
    private static Tags conventional(Series series) {
        return Tags.of(
                Conventions.METHOD,
                series.method(),
                Conventions.TOOL,
                series.tool(),
                Conventions.PROMPT,
                series.prompt(),
                Conventions.OPERATION,
                series.tool().isEmpty() ? "" : Conventions.EXECUTE_TOOL,
                Conventions.ERROR_TYPE,
                series.ending().errorType(),
                Conventions.STATUS_CODE,
                series.ending().code(),
                Conventions.PROTOCOL_VERSION,
                String.valueOf(series.version()),
                Conventions.TRANSPORT,
                series.http() ? "tcp" : "pipe",
                Conventions.PROTOCOL,
                series.http() ? "http" : "");
    }
}
