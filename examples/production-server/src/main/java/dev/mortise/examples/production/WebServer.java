package dev.mortise.examples.production;

import dev.mortise.examples.production.console.Console;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.http.HttpObserver;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty with one MCP server in it. The port is taken before there is a server, whose address it is part of. */
final class WebServer {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final long STOP_MILLIS = 10_000;

    /** Longer than any call that is under way may still take: Jetty would end a silent one before. */
    private static final long LAST_CALLS_MILLIS = 60_000;

    /**
     * When no call is under way any more: for last answers that are still being read. A client keeps a connection open for as
     * long as it likes, for its next request.
     */
    private static final long LAST_BYTES_MILLIS = 3_000;

    private final Server jetty;
    private final ServerConnector connector;
    private final Duration notice;
    private volatile @Nullable Console console;
    private volatile boolean leaving;

    private WebServer(Server jetty, ServerConnector connector, Duration notice) {
        this.notice = notice;
        this.jetty = jetty;
        this.connector = connector;
    }

    /** @throws IOException if the port cannot be had, naming its setting */
    static WebServer open(Settings settings) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        jetty.setErrorHandler(new ErrorAnswers());
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        settings.find(Setting.MORTISE_PROXIES).ifPresent(proxies -> http.addCustomizer(new TrustedProxies(proxies)));
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost(settings.get(Setting.MORTISE_BIND));
        connector.setPort(settings.number(Setting.PORT));
        connector.setShutdownIdleTimeout(LAST_CALLS_MILLIS);
        jetty.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            throw new IOException(
                    "PORT is " + settings.get(Setting.PORT) + ", which cannot be listened at: it is in use,"
                            + " or not for this user. Choose another, or 0 for any that is free",
                    e);
        }
        // How long a load balancer has to find out that this one is leaving.
        return new WebServer(jetty, connector, settings.isReplicated() ? Duration.ofSeconds(5) : Duration.ZERO);
    }

    int port() {
        return connector.getLocalPort();
    }

    /** @param page is closed when this stops */
    void serve(McpServer server, Console page, List<HttpRoute> more, URI resource, HttpObserver observer)
            throws Exception {
        console = page;
        HttpOptions options =
                HttpOptions.builder().observer(observer).publicUri(resource).build();
        List<HttpRoute> routes = new ArrayList<>(server.routes());
        routes.addAll(page.routes());
        routes.addAll(more);
        ServletContextHandler context = new ServletContextHandler();
        context.setErrorHandler(new ErrorAnswers());
        context.addServletContainerInitializer((types, servlets) ->
                McpServlet.mount(servlets, StreamableHttp.of(server::handle, options, routes), "/mcp"));
        // What is being answered when it stops is answered to the end.
        jetty.setHandler(new GracefulHandler(new LastAnswers(new PlainPaths(context))));
        jetty.setStopTimeout(STOP_MILLIS);
        jetty.start();
    }

    /** While this is leaving, each connection ends with the answer that it brings: nothing is kept that leads here. */
    private final class LastAnswers extends Handler.Wrapper {
        LastAnswers(Handler wrapped) {
            super(wrapped);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (leaving) {
                response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
            }
            return super.handle(request, response, callback);
        }
    }

    void join() throws InterruptedException {
        jetty.join();
    }

    /**
     * Stops so that nobody notices. First the readiness goes down, and all is served for a while yet, on connections that
     * are not kept; then the port is closed: who connects now is turned away before anything was sent, so that a proxy asks
     * another replica. Only then does the server refuse, end its streams and wait for its calls.
     */
    void leave(McpServer server, Health health) {
        health.drain();
        leaving = true;
        Future<Void> lastConnection = CompletableFuture.completedFuture(null);
        try {
            Thread.sleep(notice);
            lastConnection = connector.shutdown();
            // What came in at the last moment is answered before this refuses; streams do not end by themselves.
            lastConnection.get(notice.toMillis() / 5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("Some connections are open still");
        } catch (ExecutionException e) {
            LOG.warn("The port does not close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        connector.setShutdownIdleTimeout(LAST_BYTES_MILLIS);
        stop();
        if (!lastConnection.isDone()) {
            LOG.warn("Some connections were cut");
        }
    }

    /** Throws nothing: there is more to close behind it, which has records to end. */
    void stop() {
        try {
            jetty.stop();
        } catch (Exception e) {
            LOG.warn("Jetty does not stop", e);
        }
        Console page = console;
        if (page != null) {
            page.close();
        }
    }
}
