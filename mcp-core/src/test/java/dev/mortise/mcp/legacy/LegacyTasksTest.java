package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The tasks of revision 2025-11-25 (basic, utilities: Tasks), over the same tools as those of the extension. */
class LegacyTasksTest extends LegacyTaskServer {
    @Test
    void tasksAreDeclaredToWhoseRevisionHasThem() {
        LegacyClient plain = LegacyClient.of(server);
        JsonNode capabilities = plain.initialize("2025-11-25", "{}").result().path("capabilities");
        assertThat(capabilities.path("tasks"))
                .isEqualTo(LegacyClient.json("{'list':{},'cancel':{},'requests':{'tools':{'call':{}}}}"));
        assertThat(capabilities.has("extensions")).isFalse();
        assertThat(plain.initialize("2025-06-18", "{}")
                        .result()
                        .path("capabilities")
                        .has("tasks"))
                .isFalse();
        McpServer without = McpServer.builder("test", "1")
                .tool(Tool.named("plain").handle((in, call) -> "at once"))
                .build();
        LegacyClient stranger = LegacyClient.of(without);
        assertThat(stranger.initialize("2025-11-25", "{}")
                        .result()
                        .path("capabilities")
                        .has("tasks"))
                .isFalse();
        // Who does not declare them ignores what says that a call is one, and has no methods for them.
        stranger = stranger.begin("2025-11-25", "{}");
        assertThat(call(stranger, "plain", "'task':{'ttl':1}")
                        .result()
                        .at("/content/0/text")
                        .stringValue())
                .isEqualTo("at once");
        assertThat(error(stranger.send("tasks/list", "{}"))).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
    }

    @Test
    void earlierRevisionsKnowNothingOfThem() {
        LegacyClient client =
                LegacyClient.of(server).begin("2025-06-18", "{'extensions':{'io.modelcontextprotocol/tasks':{}}}");
        assertThat(call(client, "after", "'task':{}")
                        .result()
                        .at("/content/0/text")
                        .stringValue())
                .isEqualTo("quickly");
        assertThat(error(client.send("tasks/get", id("none")))).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
        client.send("tools/list", "{}")
                .result()
                .path("tools")
                .forEach(tool -> assertThat(tool.has("execution")).isFalse());
        assertThat(call(client, "only", "'x':1").error().message()).contains("capability");
    }

    @Test
    void toolsSayWhetherTheyCanBeTasksAndAreHeldToIt() {
        LegacyClient client = client();
        client.send("tools/list", "{}")
                .result()
                .path("tools")
                .forEach(tool -> assertThat(
                                tool.path("execution").path("taskSupport").asString("forbidden"))
                        .isEqualTo(
                                switch (tool.path("name").stringValue()) {
                                    case "plain" -> "forbidden";
                                    case "only" -> "required";
                                    default -> "optional";
                                }));
        assertThat(error(call(client, "plain", "'task':{}"))).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
        Received refused = call(client, "only", "'x':1");
        assertThat(error(refused)).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
        assertThat(refused.error().message()).contains("task");
        assertThat(call(client, "after", "'x':1").result().at("/content/0/text").stringValue())
                .isEqualTo("quickly");
        assertThat(call(client, "after", "'task':{}").result().has("task")).isTrue();
        for (String bad : new String[] {"'task':1", "'task':{'ttl':'long'}", "'task':{'ttl':-1}"}) {
            assertThat(error(call(client, "after", bad))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        }
    }

    @Test
    void aTaskBeginsAtOnceAndItsResultIsWaitedFor() {
        LegacyClient client = client();
        JsonNode created = call(client, "waits", "'task':{'ttl':60000}").result();
        JsonNode task = created.path("task");
        String id = task.path("taskId").stringValue();
        assertThat(task.path("status").stringValue()).isEqualTo("working");
        assertThat(task.path("ttl").longValue()).isEqualTo(60_000);
        assertThat(task.path("pollInterval").longValue()).isEqualTo(50);
        assertThat(created.at(RELATED).stringValue()).isEqualTo(id);
        assertThat(created.has("resultType")).isFalse();
        assertThat(created.at("/_meta/io.modelcontextprotocol~1model-immediate-response")
                        .stringValue())
                .contains("waits");
        JsonNode got = get(client, id);
        assertThat(got).isEqualTo(task);
        assertThat(Instant.parse(got.path("createdAt").stringValue()))
                .isEqualTo(Instant.parse(got.path("lastUpdatedAt").stringValue()));

        Conversation waiting = client.open("tasks/result", id(id));
        // Asked while it waits: one does not hold up the other. What else the params say about a task does not count.
        assertThat(client.send(
                                "tasks/get",
                                "{'taskId':'" + id
                                        + "','_meta':{'io.modelcontextprotocol/related-task':{'taskId':'no'}}}")
                        .result()
                        .path("status")
                        .stringValue())
                .isEqualTo("working");
        finish.countDown();
        JsonNode result = waiting.end().result();
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("done");
        assertThat(result.at(RELATED).stringValue()).isEqualTo(id);
        assertThat(result.has("resultType")).isFalse();
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("completed");
        assertThat(client.send("tasks/result", id(id)).result()).isEqualTo(result);
    }

    @Test
    void moreThanTheServerKeepsIsNotPromised() {
        assertThat(call(client(), "waits", "'task':{'ttl':1e15}")
                        .result()
                        .at("/task/ttl")
                        .longValue())
                .isEqualTo(Duration.ofMinutes(5).toMillis());
        assertThat(call(client(), "waits", "'task':{'ttl':0}")
                        .result()
                        .at("/task/ttl")
                        .longValue())
                .isEqualTo(1000);
    }

    @Test
    void theResultIsWhatTheCallWouldHaveBeenAnsweredWith() {
        LegacyClient client = client();
        String failed = begin(client, "fails");
        JsonNode plain = call(client, "fails", "'x':1").result();
        JsonNode result = client.send("tasks/result", id(failed)).result();
        assertThat(result.path("content")).isEqualTo(plain.path("content"));
        assertThat(result.path("isError").booleanValue()).isTrue();
        assertThat(get(client, failed).path("status").stringValue()).isEqualTo("failed");
        assertThat(get(client, failed).path("statusMessage").stringValue()).contains("mill is closed");

        String refused = begin(client, "refuses");
        assertThat(client.send("tasks/result", id(refused)).error())
                .isEqualTo(call(client, "refuses", "'x':1").error());
        assertThat(get(client, refused).path("status").stringValue()).isEqualTo("failed");
        assertThat(get(client, refused).path("statusMessage").stringValue()).contains("mill");
    }

    @Test
    void aCancelledTaskStaysCancelled() throws Exception {
        LegacyClient client = client();
        String id = begin(client, "waits");
        Conversation waiting = client.open("tasks/result", id(id));
        JsonNode cancelled = client.send("tasks/cancel", id(id)).result();
        assertThat(cancelled.path("status").stringValue()).isEqualTo("cancelled");
        assertThat(cancelled.path("taskId").stringValue()).isEqualTo(id);
        interrupted.await();
        assertThat(waiting.end().error().message()).contains("cancelled");
        assertThat(error(client.send("tasks/cancel", id(id)))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        finish.countDown();
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("cancelled");
        String done = begin(client, "only");
        until(client, done, "completed");
        Received late = client.send("tasks/cancel", id(done));
        assertThat(error(late)).isEqualTo(JsonRpcError.INVALID_PARAMS);
        assertThat(late.error().message()).contains("completed");
    }

    @Test
    void unknownTasksAndCursorsAreRefused() {
        LegacyClient client = client();
        for (String method : new String[] {"tasks/get", "tasks/result", "tasks/cancel"}) {
            assertThat(error(client.send(method, id("none")))).isEqualTo(JsonRpcError.INVALID_PARAMS);
            assertThat(error(client.send(method, "{}"))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        }
        assertThat(error(client.send("tasks/list", "{'cursor':'none'}"))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        assertThat(error(client.send("tasks/list", "{'cursor':7}"))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        assertThat(error(client.send("tasks/update", id("none")))).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
    }
}
