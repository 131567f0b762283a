package dev.mortise.rag.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A web server on loopback, with pages that tests want. */
final class Web implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What was asked for, as path and host. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private Web(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.start();
    }

    static Web http() throws IOException {
        return new Web(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50));
    }

    static Web https(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new Web(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** What is done with a request. */
    interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    Web page(String path, Page page) {
        server.createContext(path, exchange -> {
            requests.add(exchange.getRequestURI().getPath() + "@"
                    + exchange.getRequestHeaders().getFirst("Host"));
            try (exchange) {
                page.answer(exchange);
            }
        });
        return this;
    }

    Web page(String path, String type, String text) {
        return page(path, exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    Web redirect(String path, int status, String location) {
        return page(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(status, -1);
        });
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
