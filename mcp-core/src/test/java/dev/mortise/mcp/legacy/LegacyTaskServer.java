package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;

/** A server whose tools run as tasks, and what a client of 2025-11-25 says of them. */
abstract class LegacyTaskServer {
    record Yes(boolean yes) {}

    static final String ASKS = "{'elicitation':{},'sampling':{},'roots':{}}";
    static final String RELATED = "/_meta/io.modelcontextprotocol~1related-task/taskId";
    static final Question<Yes> SURE = Question.consent("sure", Yes.class, "Sure?");

    final CountDownLatch finish = new CountDownLatch(1);
    final CountDownLatch further = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    volatile Caller caller = Caller.of("ada");
    final Authenticator authenticator = origin -> Authenticator.admit(caller);
    final McpServer server =
            builder(new InMemoryTaskStore()).authenticator(authenticator).build();

    McpServerBuilder builder(TaskStore store) {
        return McpServer.builder("test", "1")
                .shutdownGrace(Duration.ofSeconds(1))
                .plugin(Tasks.builder()
                        .store(store)
                        .ttl(Duration.ofMinutes(5))
                        .keep(Duration.ofMillis(1))
                        .pollInterval(Duration.ofMillis(50))
                        .maxPerCaller(150)
                        .build())
                .tool(Tool.named("plain").handle((in, call) -> "at once"))
                .tool(Tool.named("only").with(Tasks.MODE, TaskMode.only()).handle((in, call) -> "done"))
                .tool(Tool.named("after")
                        .with(Tasks.MODE, TaskMode.after(Duration.ofMinutes(1)))
                        .handle((in, call) -> "quickly"))
                .tool(Tool.named("waits").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    try {
                        finish.await();
                        return "done";
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }))
                .tool(Tool.named("reports").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                    call.progress(1, 10.0, "Milling");
                    further.await();
                    call.progress(2, 10.0, "Grinding");
                    finish.await();
                    return "ground";
                }))
                .tool(Tool.named("fails")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> ToolOutcome.failed("The mill is closed.")))
                .tool(Tool.named("refuses")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) ->
                                ToolOutcome.refused(new Refusal.DependencyUnavailable("mill", Duration.ofSeconds(1)))))
                .tool(Tool.named("asks").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> switch (call.answer(
                        SURE)) {
                    case Answer.Accepted<Yes> ok ->
                        ToolOutcome.done("sure: " + ok.value().yes());
                    case Answer.Declined<Yes> no -> ToolOutcome.failed("declined");
                    case Answer.Cancelled<Yes> no -> ToolOutcome.failed("dismissed");
                    case Answer.Missing<Yes> none -> ToolOutcome.ask(SURE);
                }));
    }

    @AfterEach
    void close() {
        finish.countDown();
        further.countDown();
        server.close();
    }

    LegacyClient client() {
        return LegacyClient.of(server).begin("2025-11-25", ASKS);
    }

    static Received call(LegacyClient client, String tool, String more) {
        return client.send("tools/call", "{'name':'" + tool + "','arguments':{}," + more + "}");
    }

    static String begin(LegacyClient client, String tool) {
        return call(client, tool, "'task':{}").result().at("/task/taskId").stringValue();
    }

    static String id(String task) {
        return "{'taskId':'" + task + "'}";
    }

    static JsonNode get(LegacyClient client, String task) {
        return client.send("tasks/get", id(task)).result();
    }

    static JsonNode until(LegacyClient client, String task, String status) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        JsonNode now = get(client, task);
        while (!now.path("status").stringValue().equals(status)) {
            assertThat(System.nanoTime()).as("still %s", now).isLessThan(deadline);
            Thread.yield();
            now = get(client, task);
        }
        return now;
    }

    static int error(Received received) {
        return received.error().code();
    }
}
