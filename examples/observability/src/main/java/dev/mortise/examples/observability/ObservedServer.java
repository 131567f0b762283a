package dev.mortise.examples.observability;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.Checks;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.observe.ActiveCallers;
import dev.mortise.mcp.observe.CallLog;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.observe.Scrape;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.observe.ServerTracing;
import dev.mortise.mcp.resilience.Alerter;
import dev.mortise.mcp.resilience.Alerting;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.Bulkhead;
import dev.mortise.mcp.resilience.Component;
import dev.mortise.mcp.resilience.EventMetrics;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.resilience.Startup;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.servlet.McpServlet;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A calculator in Jetty that is watched and protected by all that mcp-core has for it. */
final class ObservedServer implements AutoCloseable {
    record Divide(int dividend, int divisor) {}

    private final McpServer server;
    private final Alerting alerting;
    private final Telemetry telemetry;
    private final Server jetty;
    private final ServerConnector connector;

    private ObservedServer(
            McpServer server, Alerting alerting, Telemetry telemetry, Server jetty, ServerConnector connector) {
        this.server = server;
        this.alerting = alerting;
        this.telemetry = telemetry;
        this.jetty = jetty;
        this.connector = connector;
    }

    /**
     * Opens the port, and serves.
     *
     * @param port 0 for any that is free
     * @param otlp where traces go, such as {@code http://127.0.0.1:4318/v1/traces}; {@code null}: nowhere
     * @throws Exception if Jetty does not start
     */
    static ObservedServer start(int port, @Nullable URI otlp) throws Exception {
        Telemetry telemetry = Telemetry.to(otlp);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServerMetrics metrics = ServerMetrics.to(registry);
        MetricSink sink = metrics.sink();
        CallerHash callers = CallerHash.random();
        House.report(sink, callers);
        Alerting alerting = Alerting.to(Alerter.log()).reportTo(sink);
        EventMetrics events = EventMetrics.to(sink);
        Startup startup = Startup.builder()
                .component(Component.named("tables").start(() -> {}).build())
                .listener(alerting)
                .listener(events)
                .build()
                .reportTo(sink);
        startup.start();
        Resilience resilience = Resilience.builder()
                .startup(startup)
                .tools(
                        "*",
                        Protection.builder()
                                .timeout(Duration.ofSeconds(2))
                                .breaker(Breaker.after(50, 100))
                                .bulkhead(Bulkhead.of(100).queue(100, Duration.ofSeconds(1)))
                                .build())
                .overload(Overload.adaptive())
                .listener(alerting)
                .listener(events)
                .build()
                .reportTo(sink);
        Health health = Health.builder()
                .startup(startup)
                .check(Checks.diskSpace("disk", Path.of("."), 1))
                .check(Checks.threadStarvation("threads", Duration.ofSeconds(1)).optional())
                .listener(alerting)
                .listener(events)
                .build()
                .reportTo(sink);
        McpServer server = McpServer.builder("calculator", "1.0")
                .plugin(resilience)
                .plugin(health)
                .plugin(Tasks.create().reportTo(sink))
                .tool(Tool.of("divide", "Divides", Divide.class, in -> in.dividend() / in.divisor()))
                .plugin(ServerTracing.builder(telemetry.observations())
                        .injector(telemetry)
                        .build())
                .plugin(metrics)
                .plugin(CallLog.builder().callers(callers).build())
                .plugin(ActiveCallers.by(callers).reportTo(sink))
                .route(Scrape.fromThisMachine("/metrics", registry::scrape))
                .build();
        metrics.watch(server);
        HttpOptions options = HttpOptions.builder().observer(metrics.http()).build();

        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (types, servlets) -> McpServlet.mount(servlets, server, options, "/mcp"));
        jetty.setHandler(context);
        jetty.start();
        return new ObservedServer(server, alerting, telemetry, jetty, connector);
    }

    String address() {
        return "127.0.0.1:" + connector.getLocalPort();
    }

    void join() throws InterruptedException {
        jetty.join();
    }

    @Override
    public void close() {
        server.close();
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        } finally {
            alerting.close();
            telemetry.close();
        }
    }
}
