package dev.mortise.examples.production;

import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpObserver;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.observe.ActiveCallers;
import dev.mortise.mcp.observe.CallLog;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.observe.Scrape;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.resilience.Alerter;
import dev.mortise.mcp.resilience.Alerting;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What operators see: figures at /metrics, one line a call in the log, alerts, and traces where there is somewhere to send them. */
final class Observability implements McpServer.Plugin, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerMetrics metrics = ServerMetrics.to(registry);
    private final Alerting alerting = Alerting.to(Alerter.log()).reportTo(metrics.sink());
    private final Traces traces;
    private final CallerHash callers;
    private final String token;

    Observability(Settings settings, Traces newTraces, byte[] pseudonyms) {
        traces = newTraces;
        callers = CallerHash.keyed(pseudonyms);
        token = settings.get(Setting.METRICS_TOKEN);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.plugin(traces.ofCalls())
                .plugin(metrics)
                .plugin(CallLog.builder().callers(callers).build())
                .plugin(ActiveCallers.by(callers).reportTo(metrics.sink()))
                .route(scrape());
    }

    /** Goes last: a span for what tools do, and what they wait for inside it. */
    McpServer.Plugin handlerSpans() {
        return traces.ofCalls().handlerSpans();
    }

    private HttpRoute scrape() {
        return token.isEmpty()
                ? Scrape.fromThisMachine("/metrics", registry::scrape)
                : Scrape.withToken("/metrics", registry::scrape, token);
    }

    MeterRegistry registry() {
        return registry;
    }

    MetricSink sink() {
        return metrics.sink();
    }

    Alerting alerting() {
        return alerting;
    }

    HttpObserver http() {
        return metrics.http();
    }

    void watch(McpServer server) {
        metrics.watch(server);
    }

    @Override
    public void close() {
        alerting.close();
        registry.close();
    }
}
