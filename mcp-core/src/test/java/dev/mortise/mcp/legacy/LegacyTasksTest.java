package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.InMemorySessionStore;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The tasks of revision 2025-11-25 (basic, utilities: Tasks), over the same tools as those of the extension. */
class LegacyTasksTest {
    record Yes(boolean yes) {}

    private static final String ASKS = "{'elicitation':{},'sampling':{},'roots':{}}";
    private static final String RELATED = "/_meta/io.modelcontextprotocol~1related-task/taskId";
    private static final Question<Yes> SURE = Question.consent("sure", Yes.class, "Sure?");

    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch further = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private volatile Caller caller = Caller.of("ada");
    private final Authenticator authenticator = origin -> Authenticator.admit(caller);
    private final McpServer server =
            builder(new InMemoryTaskStore()).authenticator(authenticator).build();

    private McpServerBuilder builder(TaskStore store) {
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

    private LegacyClient client() {
        return LegacyClient.of(server).begin("2025-11-25", ASKS);
    }

    private static Received call(LegacyClient client, String tool, String more) {
        return client.send("tools/call", "{'name':'" + tool + "','arguments':{}," + more + "}");
    }

    private static String begin(LegacyClient client, String tool) {
        return call(client, tool, "'task':{}").result().at("/task/taskId").stringValue();
    }

    private static String id(String task) {
        return "{'taskId':'" + task + "'}";
    }

    private static JsonNode get(LegacyClient client, String task) {
        return client.send("tasks/get", id(task)).result();
    }

    private static JsonNode until(LegacyClient client, String task, String status) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        JsonNode now = get(client, task);
        while (!now.path("status").stringValue().equals(status)) {
            assertThat(System.nanoTime()).as("still %s", now).isLessThan(deadline);
            Thread.yield();
            now = get(client, task);
        }
        return now;
    }

    private static int error(Received received) {
        return received.error().code();
    }

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

    @Test
    void tasksAreListedPageByPageToTheirOwnerAlone() {
        LegacyClient client = client();
        Set<String> mine = new HashSet<>();
        for (int i = 0; i < 110; i++) {
            mine.add(begin(client, "only"));
        }
        caller = Caller.of("bob");
        LegacyClient other = client();
        String theirs = begin(other, "waits");
        assertThat(other.send("tasks/list", "{}").result().path("tasks")).hasSize(1);
        String one = mine.iterator().next();
        for (String method : new String[] {"tasks/get", "tasks/result", "tasks/cancel"}) {
            assertThat(other.send(method, id(one)).error())
                    .isEqualTo(other.send(method, id("none")).error());
        }
        caller = Caller.of("ada");
        JsonNode first = client.send("tasks/list", "{}").result();
        assertThat(first.path("tasks")).hasSize(100);
        assertThat(first.has("_meta")).isFalse();
        JsonNode second = client.send(
                        "tasks/list", "{'cursor':'" + first.path("nextCursor").stringValue() + "'}")
                .result();
        assertThat(second.path("tasks")).hasSize(10);
        assertThat(second.has("nextCursor")).isFalse();
        Set<String> listed = new HashSet<>();
        first.path("tasks").forEach(task -> listed.add(task.path("taskId").stringValue()));
        second.path("tasks").forEach(task -> listed.add(task.path("taskId").stringValue()));
        assertThat(listed).isEqualTo(mine).doesNotContain(theirs);
        // The same caller in another session.
        assertThat(get(client(), one).path("taskId").stringValue()).isEqualTo(one);
    }

    @Test
    void anonymousTasksBelongToTheirSession() {
        McpServer open = builder(new InMemoryTaskStore()).build();
        LegacyClient client = LegacyClient.of(open).begin("2025-11-25", ASKS);
        LegacyClient other = LegacyClient.of(open).begin("2025-11-25", ASKS);
        String id = begin(client, "waits");
        assertThat(get(client.from("203.0.113.9"), id).path("taskId").stringValue())
                .isEqualTo(id);
        assertThat(client.from("203.0.113.9").send("tasks/list", "{}").result().path("tasks"))
                .hasSize(1);
        assertThat(error(other.send("tasks/get", id(id)))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        assertThat(other.send("tasks/list", "{}").result().path("tasks")).isEmpty();
        // One address cannot use up the room of all.
        for (int i = 1; i < 150; i++) {
            begin(client, "only");
        }
        assertThat(error(call(client, "only", "'task':{}"))).isEqualTo(429);
        assertThat(error(call(other, "only", "'task':{}"))).isEqualTo(429);
        LegacyClient elsewhere = LegacyClient.of(open).from("203.0.113.9").begin("2025-11-25", ASKS);
        assertThat(call(elsewhere, "only", "'task':{}").result().has("task")).isTrue();
        finish.countDown();
        open.close();
    }

    @Test
    void withoutSessionsThereIsNoList() {
        McpServer open = builder(new InMemoryTaskStore())
                .legacyClients(LegacyClients.stateless())
                .build();
        LegacyClient client = LegacyClient.of(open).with("MCP-Protocol-Version", "2025-11-25");
        JsonNode tasks = client.initialize("2025-11-25", "{}").result().at("/capabilities/tasks");
        assertThat(tasks.has("cancel")).isTrue();
        assertThat(tasks.has("list")).isFalse();
        assertThat(error(client.send("tasks/list", "{}"))).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
        String id = begin(client, "only");
        assertThat(client.send("tasks/result", id(id))
                        .result()
                        .at("/content/0/text")
                        .stringValue())
                .isEqualTo("done");
        open.close();
    }

    @Test
    void questionsOfATaskComeWhereItsResultIsWaitedFor() {
        LegacyClient client = client();
        String id = begin(client, "asks");
        until(client, id, "input_required");
        Conversation waiting = client.open("tasks/result", id(id));
        Message.Request asked = waiting.nextRequest();
        assertThat(asked.method()).isEqualTo("elicitation/create");
        assertThat(asked.params().at(RELATED).stringValue()).isEqualTo(id);
        assertThat(asked.params().path("message").stringValue()).isEqualTo("Sure?");

        // The client has lost it, and asks once more: the question is put again, and one answer is enough.
        Conversation again = client.open("tasks/result", id(id));
        client.answer(again.nextRequest(), "{'action':'accept','content':{'yes':true}}");
        Received first = waiting.end();
        assertThat(first.result().at("/content/0/text").stringValue()).isEqualTo("sure: true");
        assertThat(first.notifications()).anySatisfy(withdrawn -> {
            assertThat(withdrawn.method()).isEqualTo("notifications/cancelled");
            assertThat(withdrawn.params().at(RELATED).stringValue()).isEqualTo(id);
        });
        assertThat(again.end().result()).isEqualTo(first.result());
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void aClientThatDoesNotAnswerEndsItsTask() {
        LegacyClient client = client();
        String id = begin(client, "asks");
        Conversation waiting = client.open("tasks/result", id(id));
        client.post(new String(
                MessageCodec.encode(
                        new Message.Failure(waiting.nextRequest().id(), JsonRpcError.of(-1, "User rejected it"))),
                StandardCharsets.UTF_8));
        assertThat(waiting.end().error().message()).contains("User rejected it");
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("failed");
        String other = begin(client, "asks");
        waiting = client.open("tasks/result", id(other));
        client.answer(waiting.nextRequest(), "{'nonsense':1}");
        assertThat(waiting.end().error().code()).isEqualTo(424);
    }

    @Test
    void aTaskThatWaitsForAnAnswerCanBeCancelled() {
        LegacyClient client = client();
        String id = begin(client, "asks");
        Conversation waiting = client.open("tasks/result", id(id));
        Message.Request asked = waiting.nextRequest();
        client.send("tasks/cancel", id(id)).result();
        assertThat(waiting.end().error().message()).contains("cancelled");
        client.answer(asked, "{'action':'accept','content':{'yes':true}}");
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void theSessionIsToldOfProgressForTheWholeLifeOfATask() {
        LegacyClient client = client();
        try (Conversation stream = client.listen()) {
            String id = call(client, "reports", "'task':{},'_meta':{'progressToken':'mill'}")
                    .result()
                    .at("/task/taskId")
                    .stringValue();
            Message.Notification first = stream.next();
            assertThat(first.method()).isEqualTo("notifications/progress");
            assertThat(first.params().path("progressToken").stringValue()).isEqualTo("mill");
            assertThat(first.params().path("progress").doubleValue()).isEqualTo(1);
            assertThat(first.params().path("total").doubleValue()).isEqualTo(10);
            assertThat(first.params().path("message").stringValue()).isEqualTo("Milling");
            assertThat(first.params().at(RELATED).stringValue()).isEqualTo(id);
            further.countDown();
            assertThat(stream.next().params().path("progress").doubleValue()).isEqualTo(2);
            finish.countDown();
            Message.Notification ended = stream.next();
            assertThat(ended.method()).isEqualTo("notifications/tasks/status");
            assertThat(ended.params().path("status").stringValue()).isEqualTo("completed");
            assertThat(ended.params().has("_meta")).isFalse();
        }
    }

    @Test
    void progressComesWithTheResultWhereThereIsNoOtherStream() {
        LegacyClient client = client();
        String id = call(client, "reports", "'task':{},'_meta':{'progressToken':7}")
                .result()
                .at("/task/taskId")
                .stringValue();
        Conversation waiting = client.open("tasks/result", id(id));
        assertThat(waiting.next().params().path("progress").doubleValue()).isEqualTo(1);
        further.countDown();
        Message.Notification second = waiting.next();
        assertThat(second.params().path("progress").doubleValue()).isEqualTo(2);
        assertThat(second.params().path("progressToken").intValue()).isEqualTo(7);
        finish.countDown();
        assertThat(waiting.end().notifications()).hasSize(2);
    }

    @Test
    void aTaskBegunAtOneReplicaIsAskedForAtAnother() {
        InMemorySessionStore sessions = new InMemorySessionStore(10, 10, Clock.systemUTC());
        SharedEvents events = new SharedEvents();
        InMemoryTaskStore tasks = new InMemoryTaskStore();
        ServerEvents changes = ServerEvents.local();
        LegacyClients shared =
                LegacyClients.withSessions().stores(sessions, events).pollInterval(Duration.ofMillis(20));
        McpServer a = builder(tasks).legacyClients(shared).events(changes).build();
        McpServer b = builder(tasks).legacyClients(shared).events(changes).build();
        LegacyClient atA = LegacyClient.of(a).begin("2025-11-25", ASKS);
        LegacyClient atB = atA.at(b);
        String id = call(atA, "reports", "'task':{},'_meta':{'progressToken':'t'}")
                .result()
                .at("/task/taskId")
                .stringValue();
        Conversation waiting = atB.open("tasks/result", id(id));
        assertThat(waiting.next().params().path("progress").doubleValue()).isEqualTo(1);
        further.countDown();
        finish.countDown();
        assertThat(waiting.end().result().at("/content/0/text").stringValue()).isEqualTo("ground");

        String asking = begin(atA, "asks");
        Conversation result = atB.open("tasks/result", id(asking));
        // Asked by B, answered through A.
        atA.answer(result.nextRequest(), "{'action':'accept','content':{'yes':true}}");
        assertThat(result.end().result().at("/content/0/text").stringValue()).isEqualTo("sure: true");
        assertThat(atA.send("tasks/list", "{}").result().path("tasks")).hasSize(2);
        a.close();
        b.close();
    }
}
