package dev.mortise.mcp;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static dev.mortise.mcp.server.ToolOutcome.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.InMemoryPendingInputStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.transport.Received;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MultiRoundTripTest {
    record DeleteArgs(String table) {}

    record Confirm(boolean yes) {}

    record Name(String name) {}

    private static final Question<Confirm> CONFIRM = Question.consent("confirm", Confirm.class, "Delete 312 rows?");
    private static final Question<Name> NAME = Question.form("name", Name.class, "Who are you?");

    private final AtomicInteger deletions = new AtomicInteger();
    private final AtomicInteger expensive = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
    private final AtomicReference<Caller> caller = new AtomicReference<>(Caller.of("ann"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final StateKeys keys = StateKeys.random();
    private final PendingInputStore pendingInputs = new InMemoryPendingInputStore(2, clock);
    private final McpServer server = server();
    private final TestClient client = TestClient.of(server);

    private McpServer server() {
        return McpServer.builder("test", "1")
                .pendingInputs(pendingInputs)
                .clock(clock)
                .stateTtl(Duration.ofMinutes(5))
                .stateKeys(keys)
                .authenticator(origin -> Authenticator.admit(caller.get()))
                .tool(Tool.named("delete").input(DeleteArgs.class).handle(this::delete))
                .tool(Tool.named("greet").handle((in, call) -> switch (call.answer(NAME)) {
                    case Answer.Accepted<Name> ok -> "Hello " + ok.value().name();
                    case Answer.Declined<Name> no -> failed("declined");
                    case Answer.Cancelled<Name> no -> failed("cancelled");
                    case Answer.Missing<Name> none -> ask(NAME);
                }))
                .tool(Tool.named("two_rounds").handle(this::twoRounds))
                .tool(Tool.named("open_page").handle((in, call) -> {
                    Question<URI> page = Question.url("page", "Sign in", URI.create("https://example.com/in"));
                    return call.answer(page) instanceof Answer.Accepted<URI> ok ? "opened " + ok.value() : ask(page);
                }))
                .prompt(Prompt.named("ask")
                        .handle(call -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? PromptOutcome.text("For " + ok.value().name())
                                : PromptOutcome.ask(NAME)))
                .resource(Resource.at("doc:///r", "r")
                        .read(call -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? ResourceOutcome.found(
                                        call.text("For " + ok.value().name()))
                                : ResourceOutcome.ask(NAME)))
                .build();
    }

    private ToolOutcome delete(DeleteArgs args, ToolCall call) {
        return switch (call.answer(CONFIRM)) {
            case Answer.Accepted<Confirm> ok when ok.value().yes() -> done("deleted " + deletions.incrementAndGet());
            case Answer.Accepted<Confirm> no -> failed("Nothing was deleted.");
            case Answer.Declined<Confirm> no -> failed("You declined the deletion.");
            case Answer.Cancelled<Confirm> no -> failed("The question was dismissed.");
            case Answer.Missing<Confirm> none -> ask(CONFIRM);
        };
    }

    private ToolOutcome twoRounds(Object in, ToolCall call) throws Exception {
        int cost = call.once("cost", Integer.class, expensive::incrementAndGet);
        if (!(call.answer(NAME) instanceof Answer.Accepted<Name> name)) {
            return ask(NAME);
        }
        if (!(call.answer(CONFIRM) instanceof Answer.Accepted<Confirm> confirmed)) {
            return ask(CONFIRM);
        }
        return done(name.value().name() + " " + confirmed.value().yes() + " " + cost + " in call " + call.id());
    }

    private static String delete(String state, String responses) {
        return "{'name':'delete','arguments':{'table':'t'}" + state + responses + "}";
    }

    private static String state(JsonNode result) {
        return ",'requestState':'" + result.path("requestState").stringValue() + "'";
    }

    private static final String YES = ",'inputResponses':{'confirm':{'action':'accept','content':{'yes':true}}}";

    private JsonNode askedToDelete() {
        JsonNode asked = client.result("tools/call", delete("", ""));
        assertThat(asked.path("resultType").stringValue()).isEqualTo("input_required");
        return asked;
    }

    private void assertAskedAgain(Received received) {
        assertThat(received.result().path("resultType").stringValue()).isEqualTo("input_required");
        assertThat(received.result().at("/inputRequests/confirm/params/message").stringValue())
                .isEqualTo("Delete 312 rows?");
        assertThat(received.result().path("requestState").stringValue()).isNotEmpty();
    }

    private void assertStateRefused(Received received) {
        assertThat(received.error().code()).isEqualTo(-32602);
        assertThat(received.error().message()).isEqualTo("requestState is not valid for this request");
        assertThat(deletions).hasValue(0);
    }

    @Test
    void aQuestionIsPutAndItsAnswerCompletesTheCall() {
        JsonNode asked = askedToDelete();
        assertThat(asked.at("/inputRequests/confirm/method").stringValue()).isEqualTo("elicitation/create");
        assertThat(asked.at("/inputRequests/confirm/params/requestedSchema/properties/yes/type")
                        .stringValue())
                .isEqualTo("boolean");
        assertThat(asked.has("ttlMs")).isFalse();

        JsonNode result = client.result("tools/call", delete(state(asked), YES));

        assertThat(result.path("resultType").stringValue()).isEqualTo("complete");
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("deleted 1");
    }

    @Test
    void declineAndCancelReachTheHandler() {
        for (String action : new String[] {"decline", "cancel"}) {
            JsonNode result = client.result(
                    "tools/call",
                    delete(state(askedToDelete()), ",'inputResponses':{'confirm':{'action':'" + action + "'}}"));
            assertThat(result.path("isError").booleanValue()).isTrue();
        }
        assertThat(deletions).hasValue(0);
    }

    @Test
    void aVolunteeredConsentDoesNotCount() {
        assertAskedAgain(client.send("tools/call", delete("", YES)));
        assertThat(deletions).hasValue(0);
    }

    @Test
    void aConsentCountsOnce() {
        JsonNode asked = askedToDelete();
        client.result("tools/call", delete(state(asked), YES));

        assertAskedAgain(client.send("tools/call", delete(state(asked), YES)));
        assertThat(deletions).hasValue(1);
    }

    @Test
    void aConsentCountsOnceAmongReplicasThatShareTheirStore() {
        JsonNode asked = askedToDelete();
        client.result("tools/call", delete(state(asked), YES));

        assertAskedAgain(TestClient.of(server()).send("tools/call", delete(state(asked), YES)));
        assertThat(deletions).hasValue(1);
    }

    @Test
    void aStoreThatIsFullOfStatesInUseGrantsNothingUntilTheyExpire() {
        client.result("tools/call", delete(state(askedToDelete()), YES));
        client.result("tools/call", delete(state(askedToDelete()), YES));
        assertAskedAgain(client.send("tools/call", delete(state(askedToDelete()), YES)));

        now.updateAndGet(t -> t.plus(Duration.ofMinutes(6)));

        client.result("tools/call", delete(state(askedToDelete()), YES));
        assertThat(deletions).hasValue(3);
    }

    @Test
    void aConsentThatWasCarriedToALaterRoundCountsOnceToo() {
        JsonNode first = client.result("tools/call", "{'name':'two_rounds'}");
        String name = ",'inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}}}";
        JsonNode second = client.result("tools/call", "{'name':'two_rounds'" + state(first) + name + "}");
        String last = "{'name':'two_rounds'" + state(second) + YES + "}";
        assertThat(client.result("tools/call", last).at("/content/0/text").stringValue())
                .startsWith("Bo true 1 in call ");

        assertAskedAgain(client.send("tools/call", last));
    }

    @Test
    void answersAndWorkDoneOnceAreCarriedAcrossRounds() {
        JsonNode first = client.result("tools/call", "{'name':'two_rounds'}");
        assertThat(first.path("inputRequests").properties()).hasSize(1);
        String name = ",'inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}}}";
        JsonNode second = client.result("tools/call", "{'name':'two_rounds'" + state(first) + name + "}");
        assertThat(second.at("/inputRequests/confirm").isMissingNode()).isFalse();
        assertThat(second.path("requestState")).isNotEqualTo(first.path("requestState"));

        JsonNode done = client.result("tools/call", "{'name':'two_rounds'" + state(second) + YES + "}");

        assertThat(done.at("/content/0/text").stringValue()).startsWith("Bo true 1 in call ");
        assertThat(expensive).hasValue(1);
    }

    @Test
    void aVolunteeredFormIsTakenAndWhatNobodyAskedForIsIgnored() {
        JsonNode result = client.result(
                "tools/call",
                "{'name':'greet','inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}},"
                        + "'other':{'action':'accept','content':{'x':1}}}}");
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("Hello Bo");
    }

    @Test
    void aMissingAnswerAndAFormFilledInWronglyAreAskedAgain() {
        for (String responses : new String[] {
            "{'wrong':{'action':'accept','content':{}}}",
            "{'name':{'action':'accept','content':{'name':7}}}",
            "{'name':{'action':'accept'}}"
        }) {
            JsonNode result = client.result("tools/call", "{'name':'greet','inputResponses':" + responses + "}");
            assertThat(result.path("resultType").stringValue()).isEqualTo("input_required");
        }
    }

    @Test
    void whatIsNoInputResponseAtAllIsInvalid() {
        for (String responses : new String[] {"null", "[]", "{'name':12345}", "{'name':{'action':'maybe'}}"}) {
            Received received = client.send("tools/call", "{'name':'greet','inputResponses':" + responses + "}");
            assertThat(received.error().code()).as(responses).isEqualTo(-32602);
        }
    }

    @Test
    void stateThatWasTamperedWithIsRefused() {
        String good = askedToDelete().path("requestState").stringValue();
        for (String bad : new String[] {
            good + "-TAMPERED",
            good.substring(0, good.length() - 2),
            "x" + good.substring(1),
            good.substring(0, 20) + (good.charAt(20) == 'A' ? 'B' : 'A') + good.substring(21),
            "",
            "not base64 !"
        }) {
            assertStateRefused(client.send("tools/call", delete(",'requestState':'" + bad + "'", YES)));
        }
        assertStateRefused(client.send("tools/call", delete(",'requestState':17", YES)));
    }

    @Test
    void expiredStateIsRefused() {
        JsonNode asked = askedToDelete();
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
        assertStateRefused(client.send("tools/call", delete(state(asked), YES)));
    }

    @Test
    void stateOfAnotherCallerIsRefused() {
        JsonNode asked = askedToDelete();
        caller.set(Caller.of("eve"));
        assertStateRefused(client.send("tools/call", delete(state(asked), YES)));
        caller.set(Caller.of("ann").withTenant("other"));
        assertStateRefused(client.send("tools/call", delete(state(asked), YES)));
    }

    @Test
    void stateForOtherArgumentsOrAnotherMethodIsRefused() {
        JsonNode asked = askedToDelete();
        assertStateRefused(
                client.send("tools/call", "{'name':'delete','arguments':{'table':'other'}" + state(asked) + YES + "}"));
        assertStateRefused(client.send("prompts/get", "{'name':'ask'" + state(asked) + "}"));
    }

    @Test
    void argumentsWrittenInAnotherWayAreTheSameArguments() {
        JsonNode asked = askedToDelete();
        JsonNode result =
                client.result("tools/call", "{'arguments':{'table':'t'},'name':'delete'" + YES + state(asked) + "}");
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("deleted 1");
    }

    @Test
    void anotherReplicaWithTheSameKeysCarriesOn() {
        JsonNode asked = askedToDelete();
        JsonNode result = TestClient.of(server()).result("tools/call", delete(state(asked), YES));
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("deleted 1");
    }

    @Test
    void aServerWithOtherKeysRefusesTheState() {
        JsonNode asked = askedToDelete();
        McpServer other = McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(caller.get()))
                .tool(Tool.named("delete").input(DeleteArgs.class).handle(this::delete))
                .build();
        assertStateRefused(TestClient.of(other).send("tools/call", delete(state(asked), YES)));
    }

    @Test
    void aQuestionThatTheClientCannotPutIsAMissingCapability() {
        Received received = client.withCapabilities("{'sampling':{}}").send("tools/call", delete("", ""));
        assertThat(received.error().code()).isEqualTo(-32021);
        assertThat(received.error().message()).endsWith(": elicitation");
        assertThat(received.reply().status()).isEqualTo(400);
        assertThat(received.error()
                        .data()
                        .at("/requiredCapabilities/elicitation/form")
                        .isObject())
                .isTrue();
        Received url = client.withCapabilities("{'elicitation':{}}").call("open_page", "{}");
        assertThat(url.error()
                        .data()
                        .at("/requiredCapabilities/elicitation/url")
                        .isObject())
                .isTrue();
    }

    @Test
    void aPageCountsOnlyIfTheUserWasSentThere() {
        String accepted = ",'inputResponses':{'page':{'action':'accept'}}";
        JsonNode volunteered = client.result("tools/call", "{'name':'open_page'" + accepted + "}");
        assertThat(volunteered.at("/inputRequests/page/params/mode").stringValue())
                .isEqualTo("url");

        JsonNode opened = client.result("tools/call", "{'name':'open_page'" + state(volunteered) + accepted + "}");
        assertThat(opened.at("/content/0/text").stringValue()).isEqualTo("opened https://example.com/in");
    }

    @Test
    void whatDependsOnAnswersIsForNoCache() {
        McpServer cached = McpServer.builder("test", "1")
                .readTtl(Duration.ofHours(1))
                .resource(Resource.at("doc:///r", "r")
                        .read(call -> ResourceOutcome.found(call.text(
                                call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                        ? ok.value().name()
                                        : "nobody"))))
                .build();
        TestClient reader = TestClient.of(cached);
        JsonNode plain = reader.result("resources/read", "{'uri':'doc:///r'}");
        assertThat(plain.path("ttlMs").longValue()).isEqualTo(3_600_000);
        assertThat(plain.path("cacheScope").stringValue()).isEqualTo("public");
        JsonNode answered = reader.result(
                "resources/read",
                "{'uri':'doc:///r','inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}}}}");
        assertThat(answered.at("/contents/0/text").stringValue()).isEqualTo("Bo");
        assertThat(answered.path("ttlMs").longValue()).isZero();
        assertThat(answered.path("cacheScope").stringValue()).isEqualTo("private");
    }

    @Test
    void twoQuestionsWithOneKeyAreAMistakeOfTheAuthor() {
        Question<Confirm> other = Question.form("name", Confirm.class, "Really?");
        McpServer mistaken = McpServer.builder("test", "1")
                .tool(Tool.named("asks").handle((in, call) -> ask(NAME, other)))
                .build();
        Received received = TestClient.of(mistaken).call("asks", "{}");
        assertThat(received.result().path("isError").booleanValue()).isTrue();
    }

    @Test
    void promptsAndResourcesAskToo() {
        String name = ",'inputResponses':{'name':{'action':'accept','content':{'name':'Bo'}}}}";
        JsonNode prompt = client.result("prompts/get", "{'name':'ask'}");
        assertThat(client.result("prompts/get", "{'name':'ask'" + state(prompt) + name)
                        .at("/messages/0/content/text")
                        .stringValue())
                .isEqualTo("For Bo");
        JsonNode resource = client.result("resources/read", "{'uri':'doc:///r'}");
        assertThat(resource.path("resultType").stringValue()).isEqualTo("input_required");
        assertThat(client.result("resources/read", "{'uri':'doc:///r'" + state(resource) + name)
                        .at("/contents/0/text")
                        .stringValue())
                .isEqualTo("For Bo");
    }

    @Test
    void onlyToolsPromptsAndResourcesMayAsk() {
        McpServer asking = McpServer.builder("test", "1")
                .tool(Tool.named("a").handle((in, call) -> "a"))
                .intercept(Stage.AUTHORIZE, (call, chain) -> new Outcome.InputRequired(List.of(NAME)))
                .build();
        assertThat(TestClient.of(asking).send("tools/list", "{}").error().code())
                .isEqualTo(-32603);
        assertThat(TestClient.of(asking)
                        .call("a", "{}")
                        .result()
                        .path("resultType")
                        .stringValue())
                .isEqualTo("input_required");
    }

    @Test
    void aCallThatKeepsTooMuchFailsInsteadOfHandingOutAStateThatCannotComeBack() {
        McpServer greedy = McpServer.builder("test", "1")
                .tool(Tool.named("a").handle((in, call) -> {
                    call.once("big", String.class, () -> "x".repeat(300_000));
                    return ask(NAME);
                }))
                .build();
        assertThat(TestClient.of(greedy).call("a", "{}").error().code()).isEqualTo(-32602);
    }

    @Test
    void whatNobodyAskedForIsNotCarriedOn() {
        int modest = askedToDelete().path("requestState").stringValue().length();
        JsonNode asked = client.result(
                "tools/call",
                delete(
                        "",
                        ",'inputResponses':{'unasked':{'action':'accept','content':{'x':'" + "x".repeat(10_000)
                                + "'}}}"));
        assertThat(asked.path("requestState").stringValue().length()).isEqualTo(modest);
    }

    @Test
    void aPageHasAWebAddress() {
        for (String bad : new String[] {"javascript:alert(1)", "file:///etc/passwd", "/relative", "https:nohost"}) {
            assertThatThrownBy(() -> Question.url("page", "Open", URI.create(bad)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
