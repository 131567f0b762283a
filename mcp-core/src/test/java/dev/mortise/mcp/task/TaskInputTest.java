package dev.mortise.mcp.task;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TaskInputTest {
    record Name(String name) {}

    record Age(int age) {}

    record Yes(boolean yes) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");
    private static final Question<Age> AGE = Question.form("age", Age.class, "How old?");
    private static final Question<Yes> CONSENT = Question.consent("consent", Yes.class, "Really?");

    private final AtomicInteger prepared = new AtomicInteger();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final McpServer server = McpServer.builder("test", "1")
            .plugin(Tasks.create())
            .tool(Tool.named("both").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> {
                call.once("prepared", Integer.class, prepared::incrementAndGet);
                return call.answer(NAME) instanceof Answer.Accepted<Name> name
                                && call.answer(AGE) instanceof Answer.Accepted<Age> age
                        ? name.value().name() + " is " + age.value().age()
                        : ask(NAME, AGE);
            }))
            .tool(Tool.named("one").with(Tasks.MODE, TaskMode.always()).handle((in, call) -> switch (call.answer(
                    NAME)) {
                case Answer.Accepted<Name> ok -> "Hello " + ok.value().name();
                case Answer.Declined<Name> no -> "Hello nobody";
                case Answer.Cancelled<Name> no -> "Hello anybody";
                case Answer.Missing<Name> none -> ask(NAME);
            }))
            .tool(Tool.named("consents")
                    .with(Tasks.MODE, TaskMode.always())
                    .handle((in, call) -> call.answer(CONSENT) instanceof Answer.Accepted<Yes> ok
                            ? "Done: " + ok.value().yes()
                            : ask(CONSENT)))
            .tool(Tool.named("composed")
                    .with(Tasks.MODE, TaskMode.after(Duration.ofMillis(20)))
                    .handle((in, call) -> {
                        if (!(call.answer(NAME) instanceof Answer.Accepted<Name> ok)) {
                            return ask(NAME);
                        }
                        finish.await();
                        return "Hello " + ok.value().name();
                    }))
            .build();
    private final TaskClient client = TaskClient.of(server);

    @AfterEach
    void close() {
        finish.countDown();
        server.close();
    }

    private static List<String> open(JsonNode task) {
        return new ArrayList<>(task.path("inputRequests").propertyNames());
    }

    private static String text(JsonNode task) {
        return task.at("/result/content/0/text").stringValue();
    }

    @Test
    void questionsAreAskedInsideATaskAndMayBeAnsweredOneByOne() {
        String id = client.beginId("both", "{}");
        JsonNode asking = client.until(id, "input_required");
        assertThat(asking.at("/inputRequests")
                        .valueStream()
                        .map(request -> request.path("method").stringValue()))
                .containsOnly("elicitation/create");
        List<String> keys = open(asking);
        assertThat(keys).hasSize(2);

        client.update(id, "{'" + keys.get(0) + "':{'action':'accept','content':{'name':'Ada'}}}")
                .result();
        JsonNode half = client.get(id);
        assertThat(half.path("status").stringValue()).isEqualTo("input_required");
        assertThat(open(half)).containsExactly(keys.get(1));

        JsonNode acknowledged = client.update(id, "{'" + keys.get(1) + "':{'action':'accept','content':{'age':36}}}")
                .result();
        assertThat(acknowledged.path("resultType").stringValue()).isEqualTo("complete");
        assertThat(acknowledged.has("status")).isFalse();
        assertThat(text(client.until(id, "completed"))).isEqualTo("Ada is 36");
        assertThat(prepared).hasValue(1);
    }

    @Test
    void aQuestionThatIsAskedAgainHasAKeyOfItsOwn() {
        String id = client.beginId("one", "{}");
        Set<String> keys = new HashSet<>(open(client.until(id, "input_required")));
        String first = keys.iterator().next();
        client.update(id, "{'" + first + "':{'action':'accept','content':{'name':7}}}")
                .result();
        String second = untilAnother(id, first);
        // An answer to the old key is one to no question any more.
        client.update(id, "{'" + first + "':{'action':'accept','content':{'name':'Ada'}}}")
                .result();
        assertThat(open(client.get(id))).containsExactly(second);
        client.update(id, "{'" + second + "':{'action':'decline'}}").result();
        assertThat(text(client.until(id, "completed"))).isEqualTo("Hello nobody");
    }

    private String untilAnother(String id, String first) {
        JsonNode task = client.until(id, "input_required");
        while (open(task).contains(first)) {
            task = client.until(id, "input_required");
        }
        return open(task).get(0);
    }

    @Test
    void whatIsNoAnswerIsRefusedAndTheQuestionStaysOpen() {
        String id = client.beginId("one", "{}");
        String key = open(client.until(id, "input_required")).get(0);
        for (String wrong : new String[] {"5", "{'action':'maybe'}", "{'roots':[]}", "'yes'", "[]"}) {
            Received refused = client.update(id, "{'" + key + "':" + wrong + "}");
            assertThat(refused.error().code()).isEqualTo(-32602);
        }
        assertThat(client.plain()
                        .send("tasks/update", "{'taskId':'" + id + "','inputResponses':5}")
                        .error()
                        .code())
                .isEqualTo(-32602);
        client.update(id, "{'nobody-asked':{'action':'accept'}}").result();
        assertThat(open(client.get(id))).containsExactly(key);
    }

    @Test
    void aConsentCountsInsideATask() {
        String id = client.beginId("consents", "{}");
        String key = open(client.until(id, "input_required")).get(0);
        client.update(id, "{'" + key + "':{'action':'accept','content':{'yes':true}}}")
                .result();
        assertThat(text(client.until(id, "completed"))).isEqualTo("Done: true");
    }

    @Test
    void aTaskThatWaitsForAnAnswerCanBeCancelled() {
        String id = client.beginId("one", "{}");
        String key = open(client.until(id, "input_required")).get(0);
        client.cancel(id);
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("cancelled");
        client.update(id, "{'" + key + "':{'action':'decline'}}").result();
        assertThat(client.get(id).path("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void aClientThatCannotBeAskedFailsTheTask() {
        TestClient mute = client.plain().withCapabilities("{'extensions':{'io.modelcontextprotocol/tasks':{}}}");
        String id = mute.call("one", "{}").result().path("taskId").stringValue();
        JsonNode failed = client.until(id, "failed");
        assertThat(failed.at("/error/code").intValue()).isEqualTo(-32021);
    }

    @Test
    void whatIsAskedInTheForegroundIsAskedThereAndThenItBecomesATask() {
        JsonNode asked = client.plain().call("composed", "{}").result();
        assertThat(asked.path("resultType").stringValue()).isEqualTo("input_required");
        assertThat(asked.has("taskId")).isFalse();
        JsonNode created = client.plain()
                .result(
                        "tools/call",
                        "{'name':'composed','arguments':{},'requestState':'"
                                + asked.path("requestState").stringValue()
                                + "','inputResponses':{'name':{'action':'accept','content':{'name':'Ada'}}}}");
        assertThat(created.path("resultType").stringValue()).isEqualTo("task");
        assertThat(created.has("requestState")).isFalse();
        finish.countDown();
        assertThat(text(client.until(created.path("taskId").stringValue(), "completed")))
                .isEqualTo("Hello Ada");
    }
}
