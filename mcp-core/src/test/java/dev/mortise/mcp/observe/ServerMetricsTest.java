package dev.mortise.mcp.observe;

import static dev.mortise.mcp.server.ToolOutcome.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {
    record Nothing() {}

    private final MockClock clock = new MockClock();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
    private final ServerMetrics metrics =
            ServerMetrics.builder(registry).maxNames(3).build();

    private Tool tool(String name, String answer) {
        return Tool.of(name, "Works", Nothing.class, in -> {
            clock.add(Duration.ofMillis(700));
            return switch (answer) {
                case "failed" -> failed("No");
                case "broken" -> throw new IllegalStateException("secret of the house");
                default -> answer;
            };
        });
    }

    private McpServer server(Tool... tools) {
        var builder = McpServer.builder("test", "1").plugin(metrics);
        List.of(tools).forEach(builder::tool);
        return builder.build();
    }

    @Test
    void theNamesThatOperatorsWerePromisedAreInAScrape() {
        Wire.to(server(tool("work", "done"))).call("work");
        metrics.sink()
                .histogram(MetricNames.RAG_QUERY_PERFORMANCE, Map.of("base", "docs"))
                .accept(0.3);
        BusinessMetrics.to(metrics.sink(), CallerHash.random()).quotaUsed(Wire.ada(), "calls", 0.8);
        metrics.http().began(Wire.head(Map.of()));
        metrics.http()
                .ended(Wire.head(Map.of()), new dev.mortise.mcp.http.HttpObserver.Ended("mcp", 200, false, 5_000));

        assertThat(registry.scrape())
                .contains(
                        "api_requests_total{method=\"tools/call\",outcome=\"complete\",revision=\"2026-07-28\",tool=\"work\"} 1.0",
                        "api_request_duration_seconds_bucket{method=\"tools/call\",outcome=\"complete\",tool=\"work\",le=\"0.5\"} 0",
                        "api_request_duration_seconds_bucket{method=\"tools/call\",outcome=\"complete\",tool=\"work\",le=\"1.0\"} 1",
                        "rag_query_performance_seconds_bucket{base=\"docs\",le=\"0.5\"} 1",
                        "user_quota_usage{caller=",
                        "system_health{component=\"server\"} 1.0",
                        "http_requests_total{method=\"POST\",route=\"mcp\",status=\"200\"} 1.0",
                        "http_request_duration_seconds_bucket{method=\"POST\",route=\"mcp\",le=\"0.5\"} 1",
                        "mcp_server_operation_duration_seconds_bucket{",
                        "mcp_server_active_calls 0.0");
    }

    @Test
    void followsTheConventionsForMcp() {
        Wire.to(server(tool("work", "failed"))).call("work");

        assertThat(registry.scrape()
                        .lines()
                        .filter(line -> line.startsWith("mcp_server_operation_duration_seconds_count")))
                .singleElement()
                .asString()
                .contains(
                        "mcp_method_name=\"tools/call\"",
                        "gen_ai_tool_name=\"work\"",
                        "gen_ai_operation_name=\"execute_tool\"",
                        "error_type=\"tool_error\"",
                        "mcp_protocol_version=\"2026-07-28\"",
                        "network_transport=\"pipe\"");
    }

    @Test
    void saysWhyCallsFailed() {
        Wire wire = Wire.to(server(tool("work", "broken")));
        wire.call("work");
        wire.call("nothing-of-the-kind");

        assertThat(counted("outcome=\"internal\"")).isEqualTo(1);
        assertThat(counted("outcome=\"not_found\"")).isEqualTo(1);
        assertThat(registry.scrape()).contains("error_type=\"-32602\"").doesNotContain("secret of the house");
    }

    @Test
    void namesThatClientsMakeUpAreNoLabels() {
        Wire wire = Wire.to(server(tool("work", "done")));
        int before = registry.scrape().length();
        for (int i = 0; i < 500; i++) {
            wire.call("made-up-" + i);
            wire.send("made/up-" + i, "{}", "{}");
        }

        assertThat(registry.scrape()).doesNotContain("made-up", "made/up").contains("tool=\"other\"");
        assertThat(registry.scrape()
                        .lines()
                        .filter(line -> line.startsWith("api_requests_total"))
                        .count())
                .isLessThanOrEqualTo(2);
        assertThat(registry.scrape().length() - before).isLessThan(20_000);
    }

    @Test
    void moreToolsThanLabelsShareOne() {
        Wire wire = Wire.to(
                server(tool("a", "done"), tool("b", "done"), tool("c", "done"), tool("d", "done"), tool("e", "done")));
        for (String name : List.of("a", "b", "c", "d", "e", "d")) {
            wire.call(name);
        }

        assertThat(counted("tool=\"other\"")).isEqualTo(3);
        assertThat(counted("tool=\"c\"")).isEqualTo(1);
    }

    @Test
    void aSinkIsBoundedAndItsGaugesCanBeReplaced() {
        for (int i = 0; i < 1_100; i++) {
            metrics.sink()
                    .counter("test.events", Map.of("n", Integer.toString(i)))
                    .accept(1);
        }
        metrics.sink().gauge("test.level", Map.of("name", "a"), () -> 1);
        metrics.sink().gauge("test.level", Map.of("name", "a"), () -> 2);
        LongConsumer counter = metrics.sink().counter("test.more", Map.of());
        counter.accept(2);
        metrics.sink().counter("test.more", Map.of()).accept(3);

        assertThat(registry.scrape()
                        .lines()
                        .filter(line -> line.startsWith("test_events_total{"))
                        .count())
                .isEqualTo(1_000);
        assertThat(registry.scrape()).contains("test_level{name=\"a\"} 2.0", "test_more_total 5.0");
        metrics.sink().remove("test.level", Map.of("name", "a"));
        assertThat(registry.scrape()).doesNotContain("test_level{");
    }

    @Test
    void whoUsedMostOfAQuotaIsShown() {
        BusinessMetrics business = BusinessMetrics.to(metrics.sink(), CallerHash.random(), 2);
        business.quotaUsed(Wire.ada().withTenant("one"), "calls", 0.2);
        business.quotaUsed(Wire.ada().withTenant("two"), "calls", 0.9);
        business.quotaUsed(Wire.ada().withTenant("three"), "calls", 0.5);
        business.quotaUsed(Wire.ada().withTenant("four"), "calls", 0.1);
        business.happened(BillingEvent.COMMITTED);

        assertThat(registry.scrape().lines().filter(line -> line.startsWith("user_quota_usage{")))
                .hasSize(2)
                .noneMatch(line -> line.contains("ada") || line.contains("three"))
                .anyMatch(line -> line.endsWith(" 0.9"))
                .anyMatch(line -> line.endsWith(" 0.5"));
        assertThat(registry.scrape()).contains("billing_events_total{event=\"committed\"} 1.0");
        business.quotaUsed(Wire.ada().withTenant("two"), "calls", 0);
        assertThat(registry.scrape()).doesNotContain(" 0.9\n");
    }

    private double counted(String label) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith("api_requests_total{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
