package dev.mortise.mcp.observe;

import static dev.mortise.mcp.observe.RecordedSpans.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.server.Tool;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerTracingTest {
    record Nothing() {}

    private static final String OF_MESSAGE = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1111111111111111-01";
    private static final String OF_REQUEST = "00-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-2222222222222222-01";

    private final RecordedSpans spans = new RecordedSpans(Sampler.parentBased(Sampler.alwaysOn()));
    private final ObservationRegistry registry = spans.registry();
    private final TraceInjector injector = spans.injector();
    private final AtomicReference<Meta> sentOn = new AtomicReference<>(Meta.EMPTY);

    @AfterEach
    void close() {
        spans.close();
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
        return spans.named(name);
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
        assertThat(spans.finished().toString()).doesNotContain("secret of the house");
    }

    @Test
    void namesThatClientsMakeUpAreInNoSpanName() {
        wire().call("made-up");

        assertThat(spans.finished()).extracting(SpanData::getName).contains("tools/call other");
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
        assertThat(spans.isSpanOpen()).isFalse();
    }
}
