package dev.mortise.examples.conformance;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static dev.mortise.mcp.server.ToolOutcome.failed;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.schema.SamplingMessage;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import java.util.List;
import java.util.Set;

/** Tools that ask the user, the client's model, or the client, in one round or in several. */
final class AskingTools {
    record Name(String name) {}

    record Color(String color) {}

    record Ok(boolean ok) {}

    private static final Question<Name> USER_NAME = Question.form("user_name", Name.class, "What is your name?");
    private static final Question<Name> STEP_1 = Question.form("step1", Name.class, "Step 1: What is your name?");
    private static final Question<Color> STEP_2 = Question.form("step2", Color.class, "Step 2: Which color?");
    private static final Question<Ok> CONFIRM = Question.form("confirm", Ok.class, "Please confirm");
    private static final Question<CreateMessageResult> CAPITAL =
            sampling("capital_question", "What is the capital of France?", 100);
    private static final Question<CreateMessageResult> GREETING = sampling("greeting", "Generate a greeting", 50);
    private static final Question<ListRootsResult> ROOTS = Question.roots("client_roots");

    private AskingTools() {}

    private static Question<CreateMessageResult> sampling(String key, String text, int maxTokens) {
        return Question.sampling(
                key,
                CreateMessageRequestParams.builder(List.of(SamplingMessage.user(text)), maxTokens)
                        .build());
    }

    static List<Tool> all() {
        return List.of(
                tool("test_input_required_result_elicitation", AskingTools::name),
                tool("test_streaming_elicitation", AskingTools::name),
                tool(
                        "test_input_required_result_sampling",
                        call -> call.answer(CAPITAL) instanceof Answer.Accepted<CreateMessageResult> sampled
                                ? done(text(sampled.value()))
                                : ask(CAPITAL)),
                tool(
                        "test_input_required_result_list_roots",
                        call -> call.answer(ROOTS) instanceof Answer.Accepted<ListRootsResult> listed
                                ? done("Roots: " + listed.value().roots().size())
                                : ask(ROOTS)),
                tool("test_input_required_result_request_state", AskingTools::confirmed),
                tool("test_input_required_result_tampered_state", AskingTools::confirmed),
                tool("test_input_required_result_multiple_inputs", AskingTools::several),
                tool("test_input_required_result_multi_round", AskingTools::twoRounds),
                tool("test_input_required_result_capabilities", AskingTools::whateverTheClientCan),
                tool("test_missing_capability", AskingTools::needsSampling));
    }

    /** What the tools of this class do. */
    private interface Body {
        ToolOutcome run(ToolCall call);
    }

    private static Tool tool(String name, Body body) {
        return Tool.named(name).description("Asks before it answers").handle((in, call) -> body.run(call));
    }

    private static ToolOutcome name(ToolCall call) {
        return switch (call.answer(USER_NAME)) {
            case Answer.Accepted<Name> ok -> done("Hello, " + ok.value().name() + "!");
            case Answer.Declined<Name> no -> failed("You declined to tell your name.");
            case Answer.Cancelled<Name> no -> failed("The question was dismissed.");
            case Answer.Missing<Name> none -> ask(USER_NAME);
        };
    }

    private static ToolOutcome confirmed(ToolCall call) {
        return call.answer(CONFIRM) instanceof Answer.Accepted<Ok> ok
                ? done("state-ok: " + ok.value().ok())
                : ask(CONFIRM);
    }

    private static ToolOutcome several(ToolCall call) {
        if (call.answer(USER_NAME) instanceof Answer.Accepted<Name> name
                && call.answer(GREETING) instanceof Answer.Accepted<CreateMessageResult> greeting
                && call.answer(ROOTS) instanceof Answer.Accepted<ListRootsResult> roots) {
            return done(text(greeting.value()) + " " + name.value().name() + ", you have "
                    + roots.value().roots().size() + " roots");
        }
        return ask(USER_NAME, GREETING, ROOTS);
    }

    private static ToolOutcome twoRounds(ToolCall call) {
        if (!(call.answer(STEP_1) instanceof Answer.Accepted<Name> name)) {
            return ask(STEP_1);
        }
        if (!(call.answer(STEP_2) instanceof Answer.Accepted<Color> color)) {
            return ask(STEP_2);
        }
        return done(name.value().name() + " likes " + color.value().color());
    }

    private static ToolOutcome whateverTheClientCan(ToolCall call) {
        if (call.canAsk(USER_NAME)) {
            return name(call);
        }
        return call.answer(CAPITAL) instanceof Answer.Accepted<CreateMessageResult> sampled
                ? done(text(sampled.value()))
                : ask(CAPITAL);
    }

    private static ToolOutcome needsSampling(ToolCall call) {
        return call.canAsk(CAPITAL)
                ? done("Success")
                : ToolOutcome.refused(
                        new Refusal.MissingCapability(ClientFeature.capabilities(Set.of(ClientFeature.SAMPLING))));
    }

    static String text(CreateMessageResult result) {
        return result.content().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .findFirst()
                .orElse("no text");
    }
}
