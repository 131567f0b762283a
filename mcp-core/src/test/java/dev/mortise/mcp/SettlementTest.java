package dev.mortise.mcp;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Conversation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

class SettlementTest {
    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");
    private static final StateKeys KEYS = StateKeys.random();

    /** Writes down what happens; a held token becomes a quoted one while the user is asked. */
    private static final class Ledger implements Settlement {
        private final List<String> entries = Collections.synchronizedList(new ArrayList<>());

        @Override
        public String name() {
            return "ledger";
        }

        @Override
        public String suspend(String token) {
            entries.add("suspend " + token);
            return token.replace("held", "quoted");
        }

        @Override
        public void settle(String token, Ending ending) {
            entries.add("settle " + token + " " + ending);
        }
    }

    /** A value that fails when it is to be written as JSON. */
    public static final class Unwritable {
        public String getValue() {
            throw new IllegalStateException("not to be written");
        }
    }

    private final Ledger ledger = new Ledger();
    private final CountDownLatch running = new CountDownLatch(1);
    private final TestClient client = TestClient.of(server(ledger));

    private McpServer server(Ledger charged) {
        return McpServer.builder("test", "1")
                .stateKeys(KEYS)
                .settlement(charged)
                .intercept(Stage.METER, (call, chain) -> {
                    call.attach(
                            charged,
                            call.attached(charged)
                                    .map(token -> token.replace("quoted", "held again"))
                                    .orElse("held 1"));
                    return chain.proceed(call);
                })
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .tool(Tool.named("fails").handle((in, call) -> failed("no")))
                .tool(Tool.named("throws").handle((in, call) -> {
                    throw new IllegalStateException("broken");
                }))
                .tool(Tool.named("breaks").handle((in, call) -> {
                    throw new AssertionError("broken");
                }))
                .tool(Tool.named("overflows").handle((in, call) -> {
                    throw new StackOverflowError("broken");
                }))
                .tool(Tool.named("refuses").handle((in, call) -> ToolOutcome.refused(Refusal.InvalidParams.of("no"))))
                .tool(Tool.named("asks")
                        .handle((in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? "Hello " + ok.value().name()
                                : ask(NAME)))
                .tool(Tool.named("remembers_too_much").handle((in, call) -> {
                    call.once("book", String.class, () -> "x".repeat(300_000));
                    return ask(NAME);
                }))
                .tool(Tool.named("unwritable")
                        .handle((in, call) ->
                                CallToolResult.text("fine").withStructuredContent(new POJONode(new Unwritable()))))
                .tool(Tool.named("waits").handle((in, call) -> {
                    running.countDown();
                    new CountDownLatch(1).await();
                    return "never";
                }))
                .build();
    }

    @Test
    void everyEndIsSettledOnce() {
        client.call("ok", "{}");
        client.call("fails", "{}");
        client.call("throws", "{}");
        client.call("breaks", "{}");
        client.call("overflows", "{}");
        client.call("refuses", "{}");
        assertThat(ledger.entries)
                .containsExactly(
                        "settle held 1 COMPLETED",
                        "settle held 1 TOOL_ERROR",
                        "settle held 1 TOOL_ERROR",
                        "settle held 1 TOOL_ERROR",
                        "settle held 1 REFUSED",
                        "settle held 1 REFUSED");
    }

    @Test
    void aQuestionReleasesTheChargeAndTheReplicaThatFinishesSettlesIt() {
        JsonNode asked = client.call("asks", "{}").result();
        Ledger elsewhere = new Ledger();
        TestClient.of(server(elsewhere))
                .result(
                        "tools/call",
                        "{'name':'asks','arguments':{},'requestState':'"
                                + asked.path("requestState").stringValue()
                                + "','inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}}}}");
        assertThat(ledger.entries).containsExactly("suspend held 1");
        assertThat(elsewhere.entries).containsExactly("settle held again 1 COMPLETED");
    }

    @Test
    void aQuestionThatTheClientCannotPutEndsTheCall() {
        client.withCapabilities("{}").call("asks", "{}");
        assertThat(ledger.entries).containsExactly("settle held 1 REFUSED");
    }

    @Test
    void aClientThatLeavesEndsTheCall() throws Exception {
        try (Conversation conversation = client.open("tools/call", "{'name':'waits'}")) {
            running.await();
            conversation.cancel();
            // The reply that nobody takes is the last thing that happens; the ledger was written before it.
            while (ledger.entries.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        assertThat(ledger.entries).containsExactly("settle held 1 CANCELLED");
    }

    @Test
    void aCallThatCannotPauseIsSettledAndWasNeverSuspended() {
        assertThat(client.call("remembers_too_much", "{}").error().code()).isEqualTo(-32602);
        assertThat(ledger.entries).containsExactly("settle held 1 REFUSED");
    }

    @Test
    void aResultThatCannotBeWrittenIsSettledAsTheErrorThatIsSent() {
        assertThat(client.call("unwritable", "{}").error().code()).isEqualTo(-32603);
        assertThat(ledger.entries).containsExactly("settle held 1 REFUSED");
    }

    @Test
    void twoOfTheSameNameAreFoundWhenTheServerIsBuilt() {
        McpServerBuilder builder =
                McpServer.builder("test", "1").settlement(ledger).settlement(new Ledger());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Two settlements are named ledger");
    }
}
