package dev.mortise.examples.observability;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.observe.ActiveCallers;
import dev.mortise.mcp.observe.CallLog;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.Scrape;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.observe.ServerTracing;
import dev.mortise.mcp.server.Tool;
import dev.mortise.servlet.McpServlet;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A calculator in Jetty, with everything that {@code dev.mortise.mcp.observe} has. */
final class ObservedServer implements AutoCloseable {
    record Divide(int dividend, int divisor) {}

    private final McpServer server;
    private final Telemetry telemetry;
    private final Server jetty;
    private final ServerConnector connector;

    private ObservedServer(McpServer server, Telemetry telemetry, Server jetty, ServerConnector connector) {
        this.server = server;
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
        CallerHash callers = CallerHash.random();
        McpServer server = McpServer.builder("calculator", "1.0")
                .tool(Tool.of("divide", "Divides", Divide.class, in -> in.dividend() / in.divisor()))
                .plugin(ServerTracing.builder(telemetry.observations())
                        .injector(telemetry)
                        .build())
                .plugin(metrics)
                .plugin(CallLog.builder().callers(callers).build())
                .plugin(ActiveCallers.by(callers).reportTo(metrics.sink()))
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
        return new ObservedServer(server, telemetry, jetty, connector);
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
            telemetry.close();
        }
    }
}
