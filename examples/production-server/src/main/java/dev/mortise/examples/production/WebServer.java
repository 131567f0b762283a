package dev.mortise.examples.production;

import dev.mortise.examples.production.console.Console;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpObserver;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Jetty with one MCP server in it. The port is taken before there is a server, whose address it is part of. */
final class WebServer {
    private static final long STOP_MILLIS = 10_000;

    private final Server jetty;
    private final ServerConnector connector;
    private volatile @Nullable Console console;

    private WebServer(Server jetty, ServerConnector connector) {
        this.jetty = jetty;
        this.connector = connector;
    }

    /** @throws IOException if the port cannot be had, naming its setting */
    static WebServer open(Settings settings) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        settings.find(Setting.MORTISE_PROXIES).ifPresent(proxies -> http.addCustomizer(new TrustedProxies(proxies)));
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost(settings.get(Setting.MORTISE_BIND));
        connector.setPort(settings.number(Setting.PORT));
        jetty.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            throw new IOException(
                    "PORT is " + settings.get(Setting.PORT) + ", which cannot be listened at: it is in use,"
                            + " or not for this user. Choose another, or 0 for any that is free",
                    e);
        }
        return new WebServer(jetty, connector);
    }

    int port() {
        return connector.getLocalPort();
    }

    /** @param page is closed when this stops */
    void serve(McpServer server, Console page, URI resource, HttpObserver observer) throws Exception {
        console = page;
        HttpOptions options =
                HttpOptions.builder().observer(observer).publicUri(resource).build();
        List<HttpRoute> routes = new ArrayList<>(server.routes());
        routes.addAll(page.routes());
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer((types, servlets) ->
                McpServlet.mount(servlets, StreamableHttp.of(server::handle, options, routes), "/mcp"));
        // What is being answered when it stops is answered to the end.
        jetty.setHandler(new GracefulHandler(context));
        jetty.setStopTimeout(STOP_MILLIS);
        jetty.start();
    }

    void join() throws InterruptedException {
        jetty.join();
    }

    void stop() {
        try {
            jetty.stop();
            Console page = console;
            if (page != null) {
                page.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
    }
}
