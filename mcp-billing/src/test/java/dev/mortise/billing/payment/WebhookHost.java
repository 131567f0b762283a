package dev.mortise.billing.payment;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A host that mounts the routes of webhooks beside its endpoint. */
public final class WebhookHost implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Server jetty = new Server(new QueuedThreadPool(16));
    private final McpServer server;
    private final URI uri;

    public WebhookHost(List<HttpRoute> routes) throws Exception {
        this(routes, building -> building);
    }

    /** @param parts what else the server has */
    public WebhookHost(List<HttpRoute> routes, UnaryOperator<McpServerBuilder> parts) throws Exception {
        ServerConnector connector = new ServerConnector(jetty, 1, 1);
        connector.setHost("127.0.0.1");
        connector.open();
        jetty.addConnector(connector);
        uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
        McpServerBuilder building = McpServer.builder("shop", "1");
        routes.forEach(building::route);
        server = parts.apply(building).build();
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (classes, container) -> McpServlet.mount(container, server, HttpOptions.defaults(), "/mcp"));
        jetty.setHandler(context);
        jetty.start();
    }

    /** Sends a webhook as a provider would. */
    public HttpResponse<String> post(String path, byte[] body, Map<String, String> fields)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        fields.forEach(request::header);
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A browser that follows no redirect. */
    public HttpResponse<String> browse(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public URI at(String path) {
        return uri.resolve(path);
    }

    @Override
    public void close() throws Exception {
        server.close();
        jetty.stop();
    }
}
