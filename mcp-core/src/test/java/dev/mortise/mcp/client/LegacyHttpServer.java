package dev.mortise.mcp.client;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** A legacy server over Streamable HTTP that knows one session at a time, does as a test says, and what it heard. */
abstract class LegacyHttpServer {
    final AtomicInteger sessions = new AtomicInteger();
    final BlockingQueue<JsonNode> responses = new LinkedBlockingQueue<>();
    final BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
    final Semaphore streams = new Semaphore(0);
    volatile boolean streamsAreUnknown;
    volatile String accepted = "session-1";

    volatile ScriptedServer.Script resumed = request -> request.status(405);
    volatile CountDownLatch onCancelled = new CountDownLatch(1);

    static McpClientBuilder client(ScriptedServer server) {
        return McpClient.http(server.uri()).timeout(Duration.ofSeconds(20));
    }

    /** Calls are left to the script. */
    ScriptedServer server(ScriptedServer.Script script) throws IOException {
        return ScriptedServer.start(request -> {
            switch (request.method()) {
                case "server/discover" -> request.error(400, -32000, "Bad Request: Server not initialized");
                case "initialize" -> {
                    request.http().getResponseHeaders().set("Mcp-Session-Id", "session-" + sessions.incrementAndGet());
                    request.result("{'protocolVersion':'2025-11-25','capabilities':{'tasks':{'requests':{'tools':"
                            + "{'call':{}}}}},'serverInfo':{'name':'old'}}");
                }
                case "notifications/initialized" -> request.status(202);
                case "notifications/cancelled" -> {
                    request.status(202);
                    onCancelled.countDown();
                }
                case "" -> other(request);
                default -> {
                    if (request.header("Mcp-Session-Id").equals(accepted)) {
                        script.answer(request);
                    } else {
                        request.status(404);
                    }
                }
            }
        });
    }

    private void other(ScriptedServer.Request request) throws Exception {
        switch (request.verb()) {
            case "DELETE" -> request.status(200);
            case "GET" -> {
                if (!request.header("Last-Event-ID").isEmpty()) {
                    resumed.answer(request);
                } else if (streamsAreUnknown
                        || !request.header("Mcp-Session-Id").equals(accepted)) {
                    request.status(404);
                    streams.release();
                } else {
                    push(request);
                }
            }
            default -> {
                request.status(202);
                responses.add(request.body());
            }
        }
    }

    private void push(ScriptedServer.Request request) throws Exception {
        try (ScriptedServer.Events events = request.events()) {
            streams.release();
            for (String message = pushed.take(); !message.equals("end"); message = pushed.take()) {
                events.message(message);
            }
            events.raw("retry: 1\n\n");
        }
    }
}
