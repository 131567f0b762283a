package dev.mortise.mcp.observe;

import static dev.mortise.mcp.server.ToolOutcome.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.server.Tool;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls are traced where that is decided beforehand, and what of the others. */
class ServerSamplingTest {
    record Nothing() {}

    /** What calls begin is sampled, since that was decided before; nothing else begins a trace. */
    private static final class CallsOnly implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context parent,
                String traceId,
                String name,
                SpanKind kind,
                Attributes attributes,
                List<LinkData> parentLinks) {
            return kind == SpanKind.SERVER ? SamplingResult.recordAndSample() : SamplingResult.drop();
        }

        @Override
        public String getDescription() {
            return "calls only";
        }
    }

    private static final String SAMPLED = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1111111111111111-01";
    private static final String UNSAMPLED = "00-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-2222222222222222-00";

    private final RecordedSpans spans = new RecordedSpans(Sampler.parentBased(new CallsOnly()));
    private final ObservationRegistry registry = spans.registry();
    private final AtomicInteger observations = new AtomicInteger();
    private final AtomicReference<Meta> sentOn = new AtomicReference<>(Meta.EMPTY);

    ServerSamplingTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                observations.incrementAndGet();
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    @AfterEach
    void close() {
        spans.close();
    }

    private ServerTracing.Builder tracing() {
        return ServerTracing.builder(registry).injector(spans.injector()).stageSpans();
    }

    private McpServer server(ServerTracing tracing, McpServer.Plugin... plugins) {
        var builder = McpServer.builder("test", "1")
                .plugin(tracing)
                .tool(Tool.of("work", "Works", Nothing.class, in -> {
                    sentOn.set(spans.injector().orUnsampled().meta());
                    return "done";
                }))
                .tool(Tool.of(
                        "search",
                        "Searches",
                        Nothing.class,
                        in -> Observation.createNotStarted("retrieval", registry)
                                .observe(() -> "found")))
                .tool(Tool.of("fail", "Fails", Nothing.class, in -> failed("No")))
                .tool(Tool.of("break", "Breaks", Nothing.class, in -> {
                    throw new IllegalStateException("secret of the house");
                }))
                .plugin(tracing.handlerSpans());
        List.of(plugins).forEach(builder::plugin);
        return builder.build();
    }

    private Wire wire(ServerTracing.Builder tracing) {
        return Wire.to(server(tracing.build()));
    }

    private static void from(Wire wire, String traceparent) {
        wire.send("tools/call", "{'name':'work','arguments':{}}", "{'traceparent':'" + traceparent + "'}");
    }

    @Test
    void whatIsNotSampledIsNeitherSpanNorObservation() {
        Wire wire = wire(tracing().sampling(0));
        wire.call("work");
        wire.call("break");
        from(wire, UNSAMPLED);

        assertThat(spans.finished()).isEmpty();
        assertThat(observations).hasValue(0);
    }

    @Test
    void aTraceThatIsSampledGoesOn() {
        from(wire(tracing().sampling(0)), SAMPLED);

        SpanData call = spans.named("tools/call work");
        assertThat(call.getTraceId()).isEqualTo("a".repeat(32));
        assertThat(call.getParentSpanId()).isEqualTo("1".repeat(16));
        assertThat(sentOn.get().text("traceparent").orElseThrow())
                .contains(spans.named("handler tools/call").getSpanId())
                .endsWith("-01");
    }

    @Test
    void soItDoesWhereTheHttpRequestSaysIt() {
        Wire wire = wire(tracing().sampling(0)).from(Wire.head(Map.of("traceparent", List.of(SAMPLED))));
        wire.call("work");
        from(wire, UNSAMPLED);

        assertThat(spans.finished())
                .extracting(SpanData::getName)
                .as("one call: the message wins over the request")
                .containsOnlyOnce("tools/call work");
    }

    @Test
    void aTraceThatIsNotSampledStaysSoWhateverTheShare() {
        Wire wire = wire(tracing().sampling(1));
        from(wire, UNSAMPLED);
        assertThat(observations).hasValue(0);

        wire.call("work");
        assertThat(spans.named("tools/call work").getParentSpanContext().isValid())
                .isFalse();
    }

    @Test
    void theTracesOfStrangersDecideNothing() {
        from(wire(tracing().sampling(0).acceptFrom(call -> false)), SAMPLED);
        assertThat(observations).hasValue(0);

        from(wire(tracing().sampling(1).acceptFrom(call -> false)), UNSAMPLED);
        assertThat(spans.named("tools/call work").getTraceId()).isNotEqualTo("b".repeat(32));
    }

    @Test
    void aCallInsideASpanOfThisProcessBelongsToIt() {
        Observation http = Observation.createNotStarted("http", registry).start();
        try (Observation.Scope scope = http.openScope()) {
            assertThat(scope).isNotNull();
            server(tracing().sampling(0).build()).handle(new ImmediateExchange(UNSAMPLED));
        }
        http.stop();

        // Of the host's span, the call, its stages and its handler; that nothing of it is sampled, the host has
        // decided.
        assertThat(observations).hasValueGreaterThan(2);
        assertThat(spans.finished()).isEmpty();
    }

    @Test
    void unlessSetEveryCallIsObserved() {
        from(wire(tracing()), UNSAMPLED);

        assertThat(observations).hasValueGreaterThan(0);
        assertThat(spans.finished()).isEmpty();
    }

    @Test
    void aShareIsAShare() {
        Wire wire = wire(tracing().sampling(0.5));
        for (int i = 0; i < 400; i++) {
            wire.call("work");
        }

        // 200 with a standard deviation of 10: fifteen of those away is never, for any chance that one meets.
        assertThat(spans.finished().stream()
                        .filter(span -> span.getName().equals("tools/call work"))
                        .count())
                .isBetween(50L, 350L);
    }

    @Test
    void whatHandlersObserveBeginsNoTraceOfItsOwn() {
        wire(tracing().sampling(0)).call("search");
        assertThat(observations).as("its own metrics are the application's").hasValue(1);
        assertThat(spans.finished()).isEmpty();

        wire(tracing().sampling(1)).call("search");
        assertThat(spans.named("retrieval").getParentSpanId())
                .isEqualTo(spans.named("handler tools/call").getSpanId());
    }

    @Test
    void whatIsSentOnSaysThatItIsNotSampled() {
        wire(tracing().sampling(0)).call("work");

        String first = sentOn.get().text("traceparent").orElseThrow();
        assertThat(first).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        wire(tracing().sampling(0)).call("work");
        assertThat(sentOn.get().text("traceparent").orElseThrow()).isNotEqualTo(first);

        TraceInjector baggageOnly = carrier -> carrier.accept("baggage", "user=a");
        assertThat(baggageOnly.orUnsampled().current().baggage()).isEqualTo("user=a");
        assertThat(baggageOnly.orUnsampled().current().isSampled()).isFalse();
    }

    @Test
    void theTraceThatItCameWithStaysWithTheCall() {
        Recording recording = new Recording();
        McpServer server = server(tracing().sampling(0).build(), recording);
        from(Wire.to(server), UNSAMPLED);

        assertThat(recording.trace.get().traceId()).contains("b".repeat(32));
        assertThat(recording.trace.get().isSampled()).isFalse();
    }

    /** Sees what a call's log line would take its trace id from. */
    private static final class Recording implements McpServer.Plugin {
        private final AtomicReference<TraceContext> trace = new AtomicReference<>(TraceContext.NONE);

        @Override
        public void install(dev.mortise.mcp.McpServerBuilder builder) {
            builder.intercept(dev.mortise.mcp.call.Stage.OBSERVE, (call, chain) -> {
                trace.set(call.get(TraceContext.OF_CALL).orElseGet(() -> TraceContext.of(call.context())));
                return chain.proceed(call);
            });
        }
    }

    @Test
    void metricsAreTheSameWhetherCallsAreSampledOrNot() {
        assertThat(scrapeAfterCalls(0))
                .contains("api_requests_total{method=\"tools/call\",outcome=\"internal\"")
                .isEqualTo(scrapeAfterCalls(1));
        assertThat(spans.finished()).as("the second time").isNotEmpty();
    }

    private String scrapeAfterCalls(double share) {
        MockClock clock = new MockClock();
        PrometheusMeterRegistry meters =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
        Wire wire = Wire.to(server(
                tracing().sampling(share).build(),
                ServerMetrics.to(meters),
                builder -> builder.intercept(dev.mortise.mcp.call.Stage.LIMIT, (call, chain) -> {
                    clock.add(Duration.ofMillis(300));
                    return chain.proceed(call);
                })));
        for (String tool : List.of("work", "work", "search", "fail", "break", "made-up")) {
            wire.call(tool);
        }
        wire.send("tools/list", "{}", "{}");
        wire.send("no/such", "{}", "{}");
        return meters.scrape();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aShareThatIsNoneIsRefused(double share) {
        assertThatThrownBy(() -> tracing().sampling(share)).isInstanceOf(IllegalArgumentException.class);
    }
}
