package dev.mortise.examples.conformance;

import dev.mortise.mcp.McpServer;
import dev.mortise.servlet.McpServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Serves the conformance server on a loopback port: {@code java -jar conformance-server.jar PORT}, 0 for any. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: java -jar conformance-server.jar PORT");
            System.exit(2);
        }
        McpServer mcp = ConformanceServer.create();
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[0]));
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServletContainerInitializer(
                (classes, servletContext) -> McpServlet.mount(servletContext, mcp, "/mcp"));
        jetty.setHandler(context);
        jetty.start();
        System.out.println("listening on http://127.0.0.1:" + connector.getLocalPort() + "/mcp");
    }
}
