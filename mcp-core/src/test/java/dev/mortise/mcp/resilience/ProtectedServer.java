package dev.mortise.mcp.resilience;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A server under policies, and the time that passes for it. */
abstract class ProtectedServer {
    record Nothing() {}

    record Yes(boolean yes) {}

    static final Retry AT_ONCE = new Retry(3, new Backoff(Duration.ofNanos(1), Duration.ofNanos(1), 1, 0));

    final ManualTicker time = new ManualTicker();
    final Seen seen = new Seen();

    static Tool.Builder<Nothing> tool(String name) {
        return Tool.named(name).input(Nothing.class);
    }

    static Tool readOnly(String name, ToolHandler<Nothing> handler) {
        return tool(name)
                .annotations(ToolAnnotations.builder().readOnly(true).build())
                .handle(handler);
    }

    Resilience.Builder resilience() {
        return Resilience.builder().ticker(time).listener(seen);
    }

    static McpServerBuilder server(Resilience resilience, Tool... tools) {
        McpServerBuilder builder = McpServer.builder("test", "1").plugin(resilience);
        List.of(tools).forEach(builder::tool);
        return builder;
    }

    TestClient client(Protection.Builder protection, Tool... tools) {
        return TestClient.of(server(resilience().tools("*", protection.build()).build(), tools)
                .build());
    }

    void passAfterOneWaits(Duration duration) {
        passAfterOneWaits(duration, new CountDownLatch(0));
    }

    /** @param begun what has to be under way, too: a call waits before its handler has begun */
    void passAfterOneWaits(Duration duration, CountDownLatch begun) {
        Thread.startVirtualThread(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                return;
            }
            time.awaitWaiting(1);
            time.pass(duration);
        });
    }

    static Object untilInterrupted(ToolCall call, AtomicReference<String> noted) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            noted.set("interrupted, cancelled " + call.cancellation().isCancelled());
        }
        return "too late";
    }
}
