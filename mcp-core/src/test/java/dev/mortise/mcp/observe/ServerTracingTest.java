package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.server.Tool;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerTracingTest {
    record Nothing() {}

    private static final String OF_MESSAGE = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1111111111111111-01";
    private static final String OF_REQUEST = "00-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-2222222222222222-01";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private final OtelTracer tracer = new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {});
    private final OtelPropagator propagator = new OtelPropagator(
            ContextPropagators.create(W3CTraceContextPropagator.getInstance()), provider.get("test"));
    private final TraceInjector injector = carrier -> {
        Span span = tracer.currentSpan();
        if (span != null) {
            propagator.inject(span.context(), carrier, (to, name, value) -> to.accept(name, value));
        }
    };
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final AtomicReference<Meta> sentOn = new AtomicReference<>(Meta.EMPTY);

    ServerTracingTest() {
        registry.observationConfig()
                .observationHandler(
                        new io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler(
                                new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                                new DefaultTracingObservationHandler(tracer)));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private McpServer server(ServerTracing tracing) {
        return McpServer.builder("test", "1")
                .plugin(tracing)
                .tool(Tool.of("work", "Works", Nothing.class, in -> {
                    sentOn.set(injector.meta());
                    return "done";
                }))
                .tool(Tool.of("break", "Breaks", Nothing.class, in -> {
                    throw new IllegalStateException("secret of the house");
                }))
                .plugin(tracing.handlerSpans())
                .build();
    }

    private Wire wire() {
        return Wire.to(server(ServerTracing.builder(registry).injector(injector).build()));
    }

    private SpanData span(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span " + name + " in " + spans.getFinishedSpanItems()));
    }

    private static String attribute(SpanData span, String key) {
        return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(key)));
    }

    @Test
    void aCallIsASpanByTheConventionsAndTheHandlerIsInsideIt() {
        wire().call("work");

        SpanData call = span("tools/call work");
        assertThat(call.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(attribute(call, "mcp.method.name")).isEqualTo("tools/call");
        assertThat(attribute(call, "gen_ai.tool.name")).isEqualTo("work");
        assertThat(attribute(call, "gen_ai.operation.name")).isEqualTo("execute_tool");
        assertThat(attribute(call, "mcp.protocol.version")).isEqualTo("2026-07-28");
        assertThat(attribute(call, "network.transport")).isEqualTo("pipe");
        assertThat(attribute(call, "jsonrpc.request.id")).isEqualTo("7");
        SpanData handler = span("handler tools/call");
        assertThat(handler.getParentSpanId()).isEqualTo(call.getSpanId());
        assertThat(sentOn.get().text("traceparent").orElseThrow()).contains(handler.getSpanId(), handler.getTraceId());
    }

    @Test
    void theMessageWinsOverTheRequestThatCarriesIt() {
        wire().from(Wire.head(Map.of("traceparent", List.of(OF_REQUEST))))
                .send("tools/call", "{'name':'work','arguments':{}}", "{'traceparent':'" + OF_MESSAGE + "'}");

        SpanData call = span("tools/call work");
        assertThat(call.getTraceId()).isEqualTo("a".repeat(32));
        assertThat(call.getParentSpanId()).isEqualTo("1".repeat(16));
        assertThat(attribute(call, "mortise.transport.traceparent")).isEqualTo(OF_REQUEST);
        assertThat(attribute(call, "client.address")).isEqualTo("192.0.2.7");
    }

    @Test
    void aMalformedMessageLeavesItToTheRequest() {
        wire().from(Wire.head(Map.of("traceparent", List.of(OF_REQUEST))))
                .send("tools/call", "{'name':'work','arguments':{}}", "{'traceparent':'00-zz'}");

        assertThat(span("tools/call work").getTraceId()).isEqualTo("b".repeat(32));
    }

    @Test
    void aSpanOfThisProcessIsNearerThanTheHeadersOfItsRequest() {
        Observation http = Observation.createNotStarted("http", registry).start();
        try (Observation.Scope scope = http.openScope()) {
            assertThat(scope).isNotNull();
            wire().from(Wire.head(Map.of("traceparent", List.of(OF_REQUEST))));
            server(ServerTracing.to(registry)).handle(new ImmediateExchange(OF_REQUEST));
        }
        http.stop();

        SpanData call = span("tools/call work");
        assertThat(call.getParentSpanId()).isEqualTo(span("http").getSpanId());
        assertThat(call.getTraceId()).isNotEqualTo("b".repeat(32));
    }

    @Test
    void strangersMayBeRefusedTheirTraces() {
        Wire.to(server(ServerTracing.builder(registry).acceptFrom(call -> false).build()))
                .send("tools/call", "{'name':'work','arguments':{}}", "{'traceparent':'" + OF_MESSAGE + "'}");

        assertThat(span("tools/call work").getTraceId()).isNotEqualTo("a".repeat(32));
    }

    @Test
    void aFailureIsAnErrorAndSaysNoMoreThanTheClientLearns() {
        wire().call("break");

        SpanData call = span("tools/call break");
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attribute(call, "error.type")).isEqualTo("tool_error");
        assertThat(attribute(call, "mcp.outcome")).isEqualTo("internal");
        assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("secret of the house");
    }

    @Test
    void namesThatClientsMakeUpAreInNoSpanName() {
        wire().call("made-up");

        assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getName).contains("tools/call other");
    }

    @Test
    void stagesAreSpansWhereWanted() {
        Wire.to(server(ServerTracing.builder(registry).stageSpans().build())).call("work");

        assertThat(span("stage authorize").getParentSpanId())
                .isEqualTo(span("tools/call work").getSpanId());
        assertThat(span("stage protect").getSpanId())
                .isEqualTo(span("handler tools/call").getParentSpanId());
    }

    @Test
    void aHandlerOnAnotherThreadHasItsSpan() {
        ServerTracing tracing = ServerTracing.to(registry);
        McpServer server = McpServer.builder("test", "1")
                .plugin(tracing)
                .tool(Tool.of("work", "Works", Nothing.class, in -> {
                    sentOn.set(injector.meta());
                    return "done";
                }))
                .intercept(
                        Stage.PROTECT,
                        (call, chain) -> java.util.concurrent.CompletableFuture.supplyAsync(() -> chain.proceed(call))
                                .join())
                .plugin(tracing.handlerSpans())
                .build();
        Wire.to(server).call("work");

        SpanData handler = span("handler tools/call");
        assertThat(handler.getParentSpanId()).isEqualTo(span("tools/call work").getSpanId());
        assertThat(sentOn.get().text("traceparent").orElseThrow()).contains(handler.getSpanId());
        assertThat(tracer.currentSpan()).isNull();
    }
}
