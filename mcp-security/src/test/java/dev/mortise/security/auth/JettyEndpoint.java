package dev.mortise.security.auth;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.servlet.McpServlet;
import java.net.URI;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** An MCP server in Jetty on a free port of this machine, known before the server is made. */
public final class JettyEndpoint implements AutoCloseable {
    private final Server jetty = new Server(new QueuedThreadPool(16));
    private final McpServer server;
    private final URI uri;

    public JettyEndpoint(Function<URI, McpServer> making) throws Exception {
        ServerConnector connector = new ServerConnector(jetty, 1, 1);
        connector.setHost("127.0.0.1");
        connector.open();
        jetty.addConnector(connector);
        uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/mcp");
        server = making.apply(uri);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (classes, container) -> McpServlet.mount(container, server, HttpOptions.defaults(), "/mcp"));
        jetty.setHandler(context);
        jetty.start();
    }

    public URI uri() {
        return uri;
    }

    @Override
    public void close() throws Exception {
        server.close();
        jetty.stop();
    }
}
