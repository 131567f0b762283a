package dev.mortise.billing.quota;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A server behind a real socket, and its clients. */
final class MeteredHost implements AutoCloseable {
    private static final Duration SOON = Duration.ofMillis(50);

    private final Server jetty = new Server(new QueuedThreadPool(16));
    private final McpServer server;
    private final int port;

    MeteredHost(McpServer server) throws Exception {
        this.server = server;
        ServerConnector connector = new ServerConnector(jetty, 1, 1);
        connector.setHost("127.0.0.1");
        connector.open();
        jetty.addConnector(connector);
        port = connector.getLocalPort();
        HttpOptions options =
                HttpOptions.builder().silence(SOON).heartbeat(SOON).build();
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (classes, container) -> McpServlet.mount(container, server, options, "/mcp"));
        jetty.setHandler(context);
        jetty.start();
    }

    private static String body(String tool) {
        return """
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{},\
                "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
                "io.modelcontextprotocol/clientCapabilities":{}}}}""".formatted(tool);
    }

    HttpResponse<String> call(String tool) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
                            .header("Content-Type", "application/json")
                            .header("Accept", "application/json, text/event-stream")
                            .header("Mcp-Protocol-Version", "2026-07-28")
                            .header("Mcp-Method", "tools/call")
                            .header("Mcp-Name", tool)
                            .POST(HttpRequest.BodyPublishers.ofString(body(tool)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Begins a call on a connection of its own. Closing it cuts the connection. */
    Socket begin(String tool) throws IOException {
        byte[] body = body(tool).getBytes(StandardCharsets.UTF_8);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoLinger(true, 0);
        socket.getOutputStream()
                .write(("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: application/json\r\n"
                                + "Accept: application/json, text/event-stream\r\nMcp-Protocol-Version: 2026-07-28\r\n"
                                + "Mcp-Method: tools/call\r\nMcp-Name: " + tool + "\r\nContent-Length: " + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        return socket;
    }

    /** Waits for what still runs. */
    @Override
    public void close() throws Exception {
        server.close();
        jetty.stop();
    }
}
