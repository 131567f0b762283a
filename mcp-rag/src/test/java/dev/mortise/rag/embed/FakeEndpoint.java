package dev.mortise.rag.embed;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint as strict as the real ones: a path, a bearer, a model, at most so many texts. It writes its answers byte by
 * byte, so that they can be wrong in any way.
 */
final class FakeEndpoint implements AutoCloseable {
    static final int DIMENSIONS = 4;
    static final int MAX_TEXTS = 8;
    static final String KEY = "key-1";

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<String> scripted = new LinkedBlockingQueue<>();
    final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger mostRunning = new AtomicInteger();

    /** What an answer waits for. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    FakeEndpoint() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** Answers the next request with these bytes instead, and hangs up. */
    void next(String raw) {
        scripted.add(raw);
    }

    void nextStatus(int status, String... headers) {
        next("HTTP/1.1 " + status + " X\r\n" + String.join("", headers) + "Content-Length: 0\r\n\r\n");
    }

    void nextBody(String body) {
        next(ok(body));
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + body;
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            String head = head(socket.getInputStream());
            int length = Integer.parseInt(field(head, "content-length"));
            byte[] body = socket.getInputStream().readNBytes(length);
            JsonNode request = Json.parse(new String(body, StandardCharsets.UTF_8));
            requests.add(request);
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            gate.await();
            String raw = scripted.poll();
            running.decrementAndGet();
            OutputStream out = socket.getOutputStream();
            out.write((raw != null ? raw : regular(head, request)).getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException | InterruptedException e) {
            // The client hung up.
        }
    }

    private static String regular(String head, JsonNode request) {
        boolean known = head.startsWith("POST /v1/embeddings HTTP/1.1\r\n")
                && field(head, "content-type").equals("application/json")
                && field(head, "authorization").equals("Bearer " + KEY);
        if (!known) {
            return "HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        }
        if (!request.path("model").asString("").equals("tiny")
                || request.path("input").size() > MAX_TEXTS) {
            return "HTTP/1.1 400 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        }
        List<String> elements = new ArrayList<>();
        // From the last to the first: the index says which is which.
        for (int at = request.path("input").size() - 1; at >= 0; at--) {
            elements.add("{\"object\":\"embedding\",\"index\":" + at + ",\"embedding\":["
                    + vector(request.path("input").get(at).asString()) + "]}");
        }
        return ok("{\"object\":\"list\",\"data\":[" + String.join(",", elements)
                + "],\"model\":\"tiny\",\"usage\":{\"prompt_tokens\":1}}");
    }

    /** Twice as long as it should be, so that somebody has to bring it to length one. */
    static String vector(String text) {
        double angle = text.hashCode() % 1000 / 200.0;
        return 2 * Math.cos(angle) + "," + 2 * Math.sin(angle) + ",0,0";
    }

    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("No request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        gate.countDown();
        server.close();
    }
}
