package dev.mortise.billing.load;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** Several clients that call until so many calls have been answered, whatever becomes of the others. */
final class Clients implements AutoCloseable {
    private static final int CLIENTS = 3;
    private static final int THREADS_EACH = 8;
    /** How many calls are under way at most. */
    static final int THREADS = CLIENTS * THREADS_EACH;

    static final int TENANTS = 5;
    private static final long PAUSE = Duration.ofMillis(10).toNanos();
    private static final String BODY = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"work","arguments":{},"_meta":{
            "io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientCapabilities":{}}}}""";

    /** The charges on the receipts of answers. */
    final Set<String> charged = ConcurrentHashMap.newKeySet();
    /** Calls that were sent, and that nobody answered. */
    final AtomicInteger unanswered = new AtomicInteger();
    /** Calls that were answered by something else than a result. */
    final AtomicInteger refused = new AtomicInteger();

    private final URI uri;
    private final int calls;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpClient> clients = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    Clients(URI uri, int calls) {
        this.uri = uri;
        this.calls = calls;
    }

    void start() {
        for (int c = 0; c < CLIENTS; c++) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(threads)
                    .build();
            clients.add(client);
            for (int t = 0; t < THREADS_EACH; t++) {
                String tenant = "tenant-" + (c * THREADS_EACH + t) % TENANTS;
                running.add(threads.submit(() -> work(client, tenant)));
            }
        }
    }

    private boolean work(HttpClient client, String tenant) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", "work")
                .header(MeteredServer.TENANT, tenant)
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        while (!stopped && charged.size() < calls) {
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    add(response.body(), tenant);
                } else {
                    refused.incrementAndGet();
                    LockSupport.parkNanos(PAUSE);
                }
            } catch (ConnectException | HttpConnectTimeoutException e) {
                // Nobody was there to hear it.
                LockSupport.parkNanos(PAUSE);
            } catch (IOException e) {
                unanswered.incrementAndGet();
                LockSupport.parkNanos(PAUSE);
            }
        }
        return true;
    }

    /** What takes longer than a moment comes as a stream of events, of which the last is the answer. */
    private static String message(String body) {
        return body.startsWith("{") ? body : body.substring(body.lastIndexOf("data:") + "data:".length());
    }

    private void add(String body, String tenant) {
        JsonNode message = Json.parse(message(body));
        if (message.has("error")) {
            refused.incrementAndGet();
            LockSupport.parkNanos(PAUSE);
            return;
        }
        String receipt = message.path("result")
                .path("_meta")
                .path("dev.mortise/usageReceipt")
                .asString("");
        if (receipt.isEmpty()) {
            throw new AssertionError("A result without a receipt: " + body);
        }
        JsonNode payload = Json.parse(new String(
                Base64.getUrlDecoder().decode(receipt.split("\\.")[1]), java.nio.charset.StandardCharsets.UTF_8));
        if (!payload.path("sub").asString().equals(tenant)
                || !charged.add(payload.path("jti").asString())) {
            throw new AssertionError("Somebody else's receipt: " + payload);
        }
    }

    /** @throws Exception if one of them has seen what must not be, and has ended */
    void check() throws Exception {
        for (Future<?> each : running) {
            if (each.state() == Future.State.FAILED) {
                each.get();
            }
        }
    }

    /** @throws AssertionError if one of them has seen what must not be */
    void join() throws Exception {
        for (Future<?> each : running) {
            each.get(5, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.close();
        clients.forEach(HttpClient::close);
    }
}
