package dev.mortise.mcp.client;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server of 2024-11-05: one stream, and messages posted beside it. */
final class SseScript {
    private SseScript() {}

    static ScriptedServer start() throws IOException {
        return start(0);
    }

    static ScriptedServer start(int port) throws IOException {
        BlockingQueue<String> outgoing = new LinkedBlockingQueue<>();
        return ScriptedServer.start(port, request -> {
            if (request.verb().equals("GET")) {
                try (ScriptedServer.Events events = request.events()) {
                    events.raw("event: endpoint\ndata: /messages?session=1\n\n");
                    while (true) {
                        events.raw("event: message\ndata: " + outgoing.take() + "\n\n");
                    }
                }
            } else if (!request.http().getRequestURI().getPath().equals("/messages")) {
                request.status(404);
            } else {
                request.status(202);
                String result = request.method().equals("initialize")
                        ? "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}"
                        : "{}";
                if (request.body().has("id")) {
                    outgoing.add(
                            "{\"jsonrpc\":\"2.0\",\"id\":" + request.body().path("id") + ",\"result\":" + result + "}");
                }
            }
        });
    }
}
