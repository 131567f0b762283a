package dev.mortise.examples.http;

import dev.mortise.examples.documents.DocumentServer;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** A folder of documents behind Jetty, for clients on this machine. */
final class DocumentsOverHttp {
    private static final long STOP_MILLIS = 5_000;

    private final DocumentServer documents;
    private final @Nullable Protection protection;
    private final Server jetty;
    private final ServerConnector connector;

    private DocumentsOverHttp(
            DocumentServer documents, @Nullable Protection protection, Server jetty, ServerConnector connector) {
        this.documents = documents;
        this.protection = protection;
        this.jetty = jetty;
        this.connector = connector;
    }

    /**
     * Opens the folder and the port, and serves.
     *
     * @param port 0 for any that is free
     * @param data where to keep what protects the documents; {@code null} to serve everybody on this machine
     * @throws IOException if one of them cannot be opened
     * @throws Exception if Jetty does not start
     */
    static DocumentsOverHttp start(int port, Path folder, @Nullable Path data) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        connector.open();

        Protection protection = data == null ? null : Protection.of(url(connector), DataFolder.open(data));
        DocumentServer documents =
                protection == null ? DocumentServer.over(folder) : DocumentServer.over(folder, protection.security());
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (types, servlets) -> McpServlet.mount(servlets, documents.server(), "/mcp"));
        // What is being answered when it stops is answered to the end.
        jetty.setHandler(new GracefulHandler(context));
        jetty.setStopTimeout(STOP_MILLIS);
        jetty.start();
        return new DocumentsOverHttp(documents, protection, jetty, connector);
    }

    String url() {
        return url(connector);
    }

    private static String url(ServerConnector connector) {
        return "http://127.0.0.1:" + connector.getLocalPort() + "/mcp";
    }

    /** What to tell whoever started it: the credentials, where there are some. */
    List<String> welcome() {
        return protection == null ? List.of() : protection.welcome();
    }

    /** Lets running calls finish and tells listeners that it ends; only then closes their connections. */
    void stop() {
        documents.close();
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        } finally {
            if (protection != null) {
                protection.close();
            }
        }
    }

    void join() throws InterruptedException {
        jetty.join();
    }
}
