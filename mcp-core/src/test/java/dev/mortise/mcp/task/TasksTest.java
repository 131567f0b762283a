package dev.mortise.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TasksTest {
    record Seconds(int seconds) {}

    private static final String BRANCH = "/result/content/0/text";

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private final McpServer server = McpServer.builder("test", "1")
            .plugin(Tasks.builder().ttl(Duration.ofMinutes(5)).build())
            .tool(Tool.named("plain").handle((in, call) -> "at once"))
            .tool(Tool.named("always").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                started.countDown();
                finish.await();
                return "done";
            }))
            .tool(Tool.named("only").with(Tasks.MODE, TaskMode.only()).handle((in, call) -> "done"))
            .tool(Tool.named("quick")
                    .with(Tasks.MODE, TaskMode.after(Duration.ofMinutes(1)))
                    .handle((in, call) -> "quickly"))
            .tool(Tool.named("slow")
                    .with(Tasks.MODE, TaskMode.after(Duration.ofMillis(20)))
                    .handle((in, call) -> {
                        finish.await();
                        return "slowly";
                    }))
            .tool(Tool.named("fails")
                    .with(Tasks.MODE, TaskMode.always())
                    .handle((in, call) -> ToolOutcome.failed("No.")))
            .tool(Tool.named("throws").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                throw new IllegalStateException("secret");
            }))
            .tool(Tool.named("refuses")
                    .with(Tasks.MODE, TaskMode.always())
                    .handle((in, call) ->
                            ToolOutcome.refused(new Refusal.DependencyUnavailable("mill", Duration.ofSeconds(1)))))
            .tool(Tool.named("picky")
                    .input(Seconds.class)
                    .with(Tasks.MODE, TaskMode.always())
                    .handle((in, call) -> in.seconds()))
            .tool(Tool.named("reports").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                call.progress(3, 10);
                started.await();
                call.progress(4, 10.0, "Grinding");
                finish.await();
                return "ground";
            }))
            .tool(Tool.named("stoppable").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                    return "never";
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            }))
            .build();
    private final TaskClient client = TaskClient.of(server);

    @AfterEach
    void close() {
        finish.countDown();
        started.countDown();
        server.close();
    }

    @Test
    void theServerDeclaresTheExtension() {
        assertThat(client.plain().result("server/discover", "{}").at("/capabilities/extensions"))
                .isEqualTo(TestClient.json("{'io.modelcontextprotocol/tasks':{}}"));
    }

    @Test
    void aToolThatIsAlwaysATaskIsAnsweredWithOneAndGoesOnByItself() {
        JsonNode created = client.begin("always", "{}");
        assertThat(created.path("status").stringValue()).isEqualTo("working");
        assertThat(created.path("ttlMs").longValue()).isEqualTo(300_000);
        assertThat(created.path("pollIntervalMs").longValue()).isPositive();
        assertThat(created.path("createdAt").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
        assertThat(created.has("result") || created.has("task") || created.has("requestState"))
                .isFalse();
        String id = created.path("taskId").stringValue();
        assertThat(id).hasSizeGreaterThan(20);

        JsonNode working = client.get(id);
        assertThat(working.path("resultType").stringValue()).isEqualTo("complete");
        assertThat(working.path("status").stringValue()).isEqualTo("working");

        finish.countDown();
        JsonNode completed = client.until(id, "completed");
        assertThat(completed.at(BRANCH).stringValue()).isEqualTo("done");
        assertThat(completed.has("error")).isFalse();
    }

    @Test
    void aPlainToolIsNoTask() {
        assertThat(client.plain().text("plain", "{}")).isEqualTo("at once");
    }

    @Test
    void aClientWithoutTheExtensionWaitsAndSeesNoTasks() {
        finish.countDown();
        TestClient old = TestClient.of(server);
        assertThat(old.text("always", "{}")).isEqualTo("done");
        assertThat(old.text("slow", "{}")).isEqualTo("slowly");
        for (String method : new String[] {"tasks/get", "tasks/cancel", "tasks/update"}) {
            Received refused = old.send(method, "{'taskId':'x','inputResponses':{}}");
            assertThat(refused.error().code()).isEqualTo(-32021);
            assertThat(refused.reply().status()).isEqualTo(400);
        }
    }

    @Test
    void aToolThatIsATaskOnlyRefusesAClientWithoutTheExtension() {
        Received refused = TestClient.of(server).call("only", "{}");
        assertThat(refused.error().code()).isEqualTo(-32021);
        assertThat(refused.error().data())
                .isEqualTo(TestClient.json(
                        "{'requiredCapabilities':{'extensions':{'io.modelcontextprotocol/tasks':{}}}}"));
        client.until(client.beginId("only", "{}"), "completed");
    }

    @Test
    void aToolBecomesATaskOnlyWhenItTakesLong() {
        assertThat(client.plain().text("quick", "{}")).isEqualTo("quickly");
        String id = client.beginId("slow", "{}");
        finish.countDown();
        assertThat(client.until(id, "completed").at(BRANCH).stringValue()).isEqualTo("slowly");
    }

    @Test
    void aToolsOwnErrorCompletesItsTask() {
        JsonNode failed = client.until(client.beginId("fails", "{}"), "completed");
        assertThat(failed.at("/result/isError").booleanValue()).isTrue();
        JsonNode thrown = client.until(client.beginId("throws", "{}"), "completed");
        assertThat(thrown.at("/result/isError").booleanValue()).isTrue();
        assertThat(thrown.toString()).doesNotContain("secret");
        JsonNode invalid = client.until(client.beginId("picky", "{'seconds':'x'}"), "completed");
        assertThat(invalid.at("/result/isError").booleanValue()).isTrue();
    }

    @Test
    void aProtocolErrorFailsItsTask() {
        JsonNode failed = client.until(client.beginId("refuses", "{}"), "failed");
        assertThat(failed.at("/error/code").intValue()).isEqualTo(503);
        assertThat(failed.path("statusMessage").stringValue()).contains("mill");
        assertThat(failed.has("result")).isFalse();
    }

    @Test
    void progressIsTheTasksMessage() {
        String id = client.beginId("reports", "{}");
        untilMessage(id, "3 of 10");
        started.countDown();
        untilMessage(id, "Grinding");
        finish.countDown();
        assertThat(client.until(id, "completed").has("statusMessage")).isFalse();
    }

    private void untilMessage(String id, String message) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!client.get(id).path("statusMessage").asString("").equals(message)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
    }

    @Test
    void cancellingReachesTheHandlerAndIsAcknowledgedAgainAndAgain() throws InterruptedException {
        String id = client.beginId("stoppable", "{}");
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        JsonNode acknowledged = client.cancel(id);
        assertThat(acknowledged.path("resultType").stringValue()).isEqualTo("complete");
        assertThat(acknowledged.has("taskId")).isFalse();
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("cancelled");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.cancel(id).path("resultType").stringValue()).isEqualTo("complete");
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void whatIsNoTaskIsAnInvalidParam() {
        for (String params : new String[] {"{'taskId':'x'}", "{'taskId':5}", "{}"}) {
            Received refused = client.plain().send("tasks/get", params);
            assertThat(refused.error().code()).isEqualTo(-32602);
            assertThat(refused.reply().status()).isEqualTo(200);
            assertThat(refused.error().message()).doesNotContain("dev.mortise");
        }
        assertThat(client.plain().send("tasks/update", "{'taskId':'x'}").error().code())
                .isEqualTo(-32602);
        assertThat(client.plain().send("tasks/list", "{}").error().code()).isEqualTo(-32601);
        assertThat(client.plain().send("tasks/result", "{'taskId':'x'}").error().code())
                .isEqualTo(-32601);
    }

    @Test
    void thePluginBelongsToOneServer() {
        Tasks tasks = Tasks.create();
        McpServer first = McpServer.builder("test", "1").plugin(tasks).build();
        assertThatThrownBy(() -> McpServer.builder("test", "1").plugin(tasks).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("create others");
        first.close();
    }
}
