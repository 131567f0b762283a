package dev.mortise.servlet.matrix;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tools by which a test, which may be another process, makes things happen in the server and sees what happened. */
final class ControlTools {
    record Key(String key) {}

    private final CompletableFuture<McpServer> server = new CompletableFuture<>();
    private final Map<String, CompletableFuture<Boolean>> interrupted = new ConcurrentHashMap<>();

    /** The server that changes when it is told to. */
    void change(McpServer changing) {
        server.complete(changing);
    }

    List<Tool> all() {
        return List.of(
                Tool.named("update").handle((in, call) -> {
                    call.events().resourceUpdated("docs:///text");
                    return "updated";
                }),
                Tool.named("add_tool").handle((in, call) -> {
                    server.join().tools().add(Tool.named("zz_new").handle((none, other) -> "new"));
                    return "added";
                }),
                Tool.named("add_prompt").handle((in, call) -> {
                    server.join().prompts().add(Prompt.named("zz_new").handle(other -> PromptOutcome.text("new")));
                    return "added";
                }),
                Tool.named("add_resource").handle((in, call) -> {
                    server.join().resources().add(Resource.text("zz:///new", "new", "text/plain", "new"));
                    return "added";
                }),
                waiting(),
                Tool.of("interrupted", "Whether the waiting call was interrupted", Key.class, in -> {
                    try {
                        return ended(in.key()).get(20, TimeUnit.SECONDS);
                    } catch (TimeoutException e) {
                        return "still waiting";
                    } catch (Exception e) {
                        return e.toString();
                    }
                }));
    }

    private Tool waiting() {
        return Tool.named("wait")
                .description("Waits until it is interrupted")
                .input(Key.class)
                .handle((in, call) -> {
                    call.progress(1, 2);
                    try {
                        new CountDownLatch(1).await();
                        return "never";
                    } catch (InterruptedException e) {
                        ended(in.key()).complete(call.cancellation().isCancelled());
                        throw e;
                    }
                });
    }

    private CompletableFuture<Boolean> ended(String key) {
        return interrupted.computeIfAbsent(key, ignored -> new CompletableFuture<>());
    }
}
