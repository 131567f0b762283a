package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What goes to a collector is OTLP, and says what the conventions for MCP ask for. */
class OtlpTest {
    /** A collector that takes nothing but what the protocol allows. */
    private static final class Collector implements AutoCloseable {
        private final List<Span> spans = new CopyOnWriteArrayList<>();
        private final List<String> objections = new CopyOnWriteArrayList<>();
        private final HttpServer http;

        Collector() throws IOException {
            http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            http.createContext("/", this::take);
            http.start();
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1/traces");
        }

        private void take(HttpExchange exchange) throws IOException {
            try (exchange) {
                require(exchange.getRequestMethod().equals("POST"), "a POST");
                require(exchange.getRequestURI().getPath().equals("/v1/traces"), "the path /v1/traces");
                require(
                        "application/x-protobuf"
                                .equals(exchange.getRequestHeaders().getFirst("Content-Type")),
                        "the type application/x-protobuf");
                boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
                try (InputStream in =
                        zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
                    ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(in);
                    require(request.getUnknownFields().asMap().isEmpty(), "no unknown fields");
                    request.getResourceSpansList().stream()
                            .peek(resource -> require(
                                    resource.getResource().getAttributesList().stream()
                                            .anyMatch(a -> a.getKey().equals("service.name")),
                                    "a service.name"))
                            .flatMap(resource -> resource.getScopeSpansList().stream())
                            .flatMap(scope -> scope.getSpansList().stream())
                            .forEach(this::take);
                }
                byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
                exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
            }
        }

        private void take(Span span) {
            require(span.getTraceId().size() == 16 && span.getSpanId().size() == 8, "ids of 16 and 8 bytes");
            require(span.getEndTimeUnixNano() >= span.getStartTimeUnixNano(), "an end after the start");
            require(span.getUnknownFields().asMap().isEmpty(), "no unknown fields in a span");
            spans.add(span);
        }

        private void require(boolean holds, String what) {
            if (!holds) {
                objections.add("OTLP wants " + what);
            }
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    @Test
    void callsArriveAtACollectorInTheTraceOfTheirClient() throws Exception {
        try (Collector collector = new Collector()) {
            try (ObservedServer server = ObservedServer.start(0, collector.url())) {
                Traffic.send(server);
            }

            assertThat(collector.objections).isEmpty();
            assertThat(collector.spans)
                    .extracting(Span::getName)
                    .containsExactlyInAnyOrder("tools/call divide", "tools/call divide", "tools/call other");
            assertThat(collector.spans).allSatisfy(span -> {
                assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
                assertThat(Traffic.PARENT)
                        .contains(
                                HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                                HexFormat.of().formatHex(span.getParentSpanId().toByteArray()));
            });
            Span broken = collector.spans.stream()
                    .filter(span -> attributes(span).get("mcp.outcome").equals("internal"))
                    .findFirst()
                    .orElseThrow();
            assertThat(broken.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(attributes(broken))
                    .containsEntry("mcp.method.name", "tools/call")
                    .containsEntry("gen_ai.tool.name", "divide")
                    .containsEntry("gen_ai.operation.name", "execute_tool")
                    .containsEntry("error.type", "tool_error")
                    .containsEntry("network.transport", "tcp");
        }
    }

    private static Map<String, String> attributes(Span span) {
        return span.getAttributesList().stream()
                .collect(Collectors.toMap(a -> a.getKey(), a -> a.getValue().getStringValue()));
    }
}
