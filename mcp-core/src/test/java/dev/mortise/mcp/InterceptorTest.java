package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterceptorTest {
    record Nothing() {}

    record Approve(boolean ok) {}

    private static final Attribute<Integer> WEIGHT = Attribute.of("test.weight", Integer.class);
    private static final Attribute<String> NOTE = Attribute.of("test.note", String.class);

    private static final Tool TOOL = Tool.named("work")
            .input(Nothing.class)
            .with(WEIGHT, 3)
            .handle((in, call) -> "done, note " + call.get(NOTE).orElse("none"));

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private Interceptor tracing(String name) {
        return (call, chain) -> {
            order.add(name);
            return chain.proceed(call);
        };
    }

    private static TestClient serverWith(Stage stage, Interceptor interceptor) {
        return TestClient.of(McpServer.builder("test", "1")
                .tool(TOOL)
                .intercept(stage, interceptor)
                .build());
    }

    @Test
    void stagesOrderInterceptorsAndInstallationOrdersWithinAStage() {
        McpServer server = McpServer.builder("test", "1")
                .tool(TOOL)
                .intercept(Stage.PROTECT, tracing("protect"))
                .intercept(Stage.METER, tracing("meter"))
                .intercept(Stage.OBSERVE, tracing("observe 1"))
                .intercept(Stage.LIMIT, tracing("limit"))
                .intercept(Stage.AUTHORIZE, tracing("authorize"))
                .intercept(Stage.REPLAY, tracing("replay"))
                .intercept(Stage.OBSERVE, tracing("observe 2"))
                .build();

        TestClient.of(server).call("work", "{}");

        assertThat(order).containsExactly("observe 1", "observe 2", "authorize", "replay", "limit", "meter", "protect");
    }

    @Test
    void anInterceptorKnowsTheTargetAndItsAttributesAndLeavesValuesForTheHandler() {
        TestClient client = serverWith(Stage.METER, (call, chain) -> {
            call.set(NOTE, call.target().name() + " weighs " + call.get(WEIGHT).orElseThrow());
            return chain.proceed(call);
        });
        assertThat(client.text("work", "{}")).isEqualTo("done, note work weighs 3");
    }

    @Test
    void anInterceptorMayAnswerByItself() {
        TestClient client =
                serverWith(Stage.REPLAY, (call, chain) -> new Outcome.Complete(CallToolResult.text("from before")));
        assertThat(client.text("work", "{}")).isEqualTo("from before");
    }

    @Test
    void anInterceptorThatNeitherProceedsNorAnswersIsAnError() {
        Received received = serverWith(Stage.LIMIT, (call, chain) -> null).call("work", "{}");
        assertThat(received.error().code()).isEqualTo(-32603);
        assertThat(received.error().data().path("reference").stringValue()).hasSize(12);
    }

    @Test
    void proceedingTwiceIsAnErrorOutsideProtect() {
        Interceptor twice = (call, chain) -> {
            chain.proceed(call);
            return chain.proceed(call);
        };
        assertThat(serverWith(Stage.LIMIT, twice).call("work", "{}").error().code())
                .isEqualTo(-32603);
        assertThat(serverWith(Stage.PROTECT, twice).text("work", "{}")).startsWith("done");
    }

    @Test
    void whatAnInterceptorThrowsIsARefusalToThoseOutsideAndNoDetailGetsOut() {
        List<Outcome> seen = Collections.synchronizedList(new ArrayList<>());
        McpServer server = McpServer.builder("test", "1")
                .tool(TOOL)
                .intercept(Stage.OBSERVE, (call, chain) -> {
                    Outcome outcome = chain.proceed(call);
                    seen.add(outcome);
                    return outcome;
                })
                .intercept(Stage.AUTHORIZE, (call, chain) -> {
                    throw new IllegalStateException("password=hunter2");
                })
                .build();

        Received received = TestClient.of(server).call("work", "{}");

        assertThat(received.response().toString()).doesNotContain("hunter2");
        assertThat(seen)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Internal.class));
    }

    @Test
    void refusalsCarryTheirStatusAndHeaders() {
        Received limited = serverWith(
                        Stage.LIMIT,
                        (call, chain) -> new Outcome.Refused(new Refusal.RateLimited(
                                Duration.ofMillis(1200), Map.of("RateLimit", "\"default\";r=0;t=2"))))
                .call("work", "{}");
        assertThat(limited.reply().status()).isEqualTo(429);
        assertThat(limited.reply().headers())
                .containsEntry("Retry-After", "2")
                .containsEntry("RateLimit", "\"default\";r=0;t=2");
        assertThat(limited.error().code()).isEqualTo(429);

        Received custom = serverWith(
                        Stage.LIMIT,
                        (call, chain) -> new Outcome.Refused(new Refusal.Custom(7001, "On holiday", null, 200)))
                .call("work", "{}");
        assertThat(custom.error().code()).isEqualTo(7001);
        assertThat(custom.error().message()).isEqualTo("On holiday");
    }

    @Test
    void anInterceptorMayAskTheUser() {
        Question<Approve> approve = Question.consent("approve", Approve.class, "Approve this call?");
        Interceptor approval = (Call call, Interceptor.Chain chain) -> switch (call.answer(approve)) {
            case Answer.Accepted<Approve> ok when ok.value().ok() -> chain.proceed(call);
            case Answer.Missing<Approve> none -> new Outcome.InputRequired(List.of(approve));
            default -> new Outcome.Refused(new Refusal.ApprovalRequired("Not approved"));
        };
        TestClient client = serverWith(Stage.AUTHORIZE, approval);

        assertThat(answered(client, "accept").result().at("/content/0/text").stringValue())
                .startsWith("done");
        Received declined = answered(client, "decline");
        assertThat(declined.reply().status()).isEqualTo(403);
    }

    private static Received answered(TestClient client, String action) {
        String state = client.call("work", "{}").result().path("requestState").stringValue();
        return client.send(
                "tools/call",
                "{'name':'work','arguments':{},'requestState':'" + state + "','inputResponses':{'approve':{'action':'"
                        + action + "','content':{'ok':true}}}}");
    }
}
