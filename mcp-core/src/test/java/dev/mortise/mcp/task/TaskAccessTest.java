package dev.mortise.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may see a task, and how many there may be. */
class TaskAccessTest {
    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private volatile Caller caller = Caller.of("ada");
    private volatile Decision decision = Decision.ALLOW;

    private final McpServer server = McpServer.builder("test", "1")
            .plugin(Tasks.builder().maxPerCaller(2).maxTasks(3).build())
            .authenticator(origin -> Authenticator.admit(caller))
            .policy((who, target) -> decision)
            .tool(Tool.named("waits").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                try {
                    finish.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return call.caller().subject();
            }))
            .tool(Tool.named("slow")
                    .with(Tasks.MODE, TaskMode.after(Duration.ofMillis(1)))
                    .handle((in, call) -> {
                        finish.await();
                        return "slowly";
                    }))
            .build();
    private final TaskClient client = TaskClient.of(server);

    @AfterEach
    void close() {
        finish.countDown();
        server.close();
    }

    private void assertUnknown(String id) {
        Received nothing = client.plain().send("tasks/get", "{'taskId':'no-such-task'}");
        for (String method : new String[] {"tasks/get", "tasks/cancel", "tasks/update"}) {
            Received refused = client.plain().send(method, "{'taskId':'" + id + "','inputResponses':{}}");
            assertThat(refused.error()).isEqualTo(nothing.error());
            assertThat(refused.reply().status()).isEqualTo(nothing.reply().status());
        }
    }

    @Test
    void anotherCallersTaskDoesNotExist() {
        String id = client.beginId("waits", "{}");
        caller = Caller.of("bob");
        assertUnknown(id);
        caller = Caller.of("ada").withTenant("other");
        assertUnknown(id);
        caller = Caller.of("ada");
        finish.countDown();
        assertThat(client.until(id, "completed").at("/result/content/0/text").stringValue())
                .isEqualTo("ada");
    }

    @Test
    void thePolicyIsAskedAboutTheToolAtEveryAccess() {
        String id = client.beginId("waits", "{}");
        decision = Decision.DENY;
        assertUnknown(id);
        decision = Decision.ALLOW;
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("working");
    }

    @Test
    void aCallerHasOnlySoManyTasks() {
        client.begin("waits", "{}");
        client.begin("waits", "{}");
        Received refused = client.plain().call("waits", "{}");
        assertThat(refused.reply().status()).isEqualTo(429);
        assertThat(refused.reply().headers()).containsKey("Retry-After");
        caller = Caller.of("bob");
        client.begin("waits", "{}");
        assertThat(client.plain().call("waits", "{}").reply().status()).isEqualTo(503);
    }

    @Test
    void whatCannotBecomeATaskStaysInTheForeground() {
        client.begin("waits", "{}");
        client.begin("waits", "{}");
        try (Conversation waiting = client.plain().open("tools/call", "{'name':'slow'}")) {
            finish.countDown();
            assertThat(waiting.end().result().at("/content/0/text").stringValue())
                    .isEqualTo("slowly");
        }
    }

    @Test
    void whoeverIsDisconnectedLosesTheirRunningTasks() throws InterruptedException {
        String id = client.beginId("waits", "{}");
        server.disconnect(who -> who.subject().equals("bob"));
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("working");
        server.disconnect(who -> who.subject().equals("ada"));
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void aListenerHearsOfItsOwnTasksOnly() {
        String id = client.beginId("waits", "{}");
        String listen = "{'notifications':{'taskIds':['" + id + "','no-such-task']}}";
        caller = Caller.of("bob");
        try (Conversation listening = client.plain().open("subscriptions/listen", listen)) {
            assertThat(listening.next().params().at("/notifications/taskIds")).isEmpty();
        }
        caller = Caller.of("ada");
        try (Conversation listening = client.plain().open("subscriptions/listen", listen)) {
            assertThat(listening.next().params().at("/notifications/taskIds"))
                    .isEqualTo(TestClient.json("['" + id + "']"));
            assertThat(listening.next().params().path("status").stringValue()).isEqualTo("working");
            finish.countDown();
            var told = listening.next();
            assertThat(told.method()).isEqualTo("notifications/tasks");
            assertThat(told.params().path("taskId").stringValue()).isEqualTo(id);
            assertThat(told.params().path("status").stringValue()).isEqualTo("completed");
            assertThat(told.params().at("/result/content/0/text").stringValue()).isEqualTo("ada");
            assertThat(told.params().path("_meta").has("io.modelcontextprotocol/subscriptionId"))
                    .isTrue();
        }
    }

    @Test
    void aListenerWithoutTheExtensionIsRefused() {
        Received refused = TestClient.of(server).send("subscriptions/listen", "{'notifications':{'taskIds':['x']}}");
        assertThat(refused.error().code()).isEqualTo(-32021);
        assertThat(client.plain()
                        .send("subscriptions/listen", "{'notifications':{'taskIds':'x'}}")
                        .error()
                        .code())
                .isEqualTo(-32602);
    }
}
