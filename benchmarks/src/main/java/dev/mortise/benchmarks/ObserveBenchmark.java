package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.observe.ActiveCallers;
import dev.mortise.mcp.observe.CallLog;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.observe.ServerTracing;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Resilience;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to look on and to protect: the same call through the HTTP binding, on a virtual thread, as in a server,
 * with more and more of OBSERVE, and at last with PROTECT as well.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ObserveBenchmark {
    /** One call of a hundred is traced. */
    private static final double SHARE = 0.01;

    /**
     * Nothing; metrics of calls and of HTTP, and active callers; the call log alone, whose lines are made and handed to
     * Logback, and kept by an appender that writes nothing; tracing alone, where one call of a hundred is sampled, which is decided beforehand; an
     * overload limit, a breaker, a bulkhead and a timeout; all of this. And for comparison an observation of every call,
     * where the tracer's own sampler decides, and samples nothing.
     */
    @Param({"none", "metrics", "logged", "traced", "protected", "all", "observed"})
    public String with = "none";

    private final byte[] message = Workload.call(Workload.TOOL).getBytes(StandardCharsets.UTF_8);
    private StreamableHttp http = StreamableHttp.of(exchange -> {}, HttpOptions.defaults());

    @Setup
    public void compose() {
        McpServerBuilder builder = Workload.builder();
        HttpOptions.Builder options = HttpOptions.builder();
        if (has("traced")) {
            builder.plugin(ServerTracing.builder(spans(Sampler.parentBased(Sampler.alwaysOn())))
                    .sampling(SHARE)
                    .build());
        }
        if (with.equals("observed")) {
            builder.plugin(ServerTracing.to(spans(Sampler.alwaysOff())));
        }
        if (has("metrics")) {
            ServerMetrics metrics = ServerMetrics.to(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
            builder.plugin(metrics).plugin(ActiveCallers.by(CallerHash.random()).reportTo(metrics.sink()));
            options.observer(metrics.http());
        }
        if (has("logged")) {
            builder.plugin(CallLog.create());
        }
        if (has("protected")) {
            builder.plugin(Resilience.builder()
                    .tools("*", ProtectBenchmark.timed())
                    .overload(Overload.adaptive())
                    .build());
        }
        McpServer server = builder.build();
        http.close();
        http = StreamableHttp.of(server::handle, options.build());
    }

    private boolean has(String part) {
        return with.equals(part) || with.equals("all");
    }

    private static ObservationRegistry spans(Sampler sampler) {
        SdkTracerProvider provider =
                SdkTracerProvider.builder().setSampler(sampler).build();
        OtelTracer tracer = new OtelTracer(provider.get("benchmark"), new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator = new OtelPropagator(
                ContextPropagators.create(W3CTraceContextPropagator.getInstance()), provider.get("benchmark"));
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new PropagatingReceiverTracingObservationHandler<>(tracer, propagator));
        return registry;
    }

    @Benchmark
    public byte[] call() {
        MemoryHttp memory = new MemoryHttp(Workload.TOOL, message);
        http.serve(memory, memory);
        return memory.written();
    }
}
