package dev.mortise.servlet.matrix;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Title;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.schema.SamplingMessage;
import dev.mortise.mcp.schema.ToolChoice;
import dev.mortise.mcp.server.PromptCall;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import java.net.URI;
import java.util.List;
import java.util.function.Function;

/** Handlers that ask the client something, and return what they understood of the answer. */
final class AskingTools {
    record Name(String name) {}

    record Yes(boolean yes) {}

    enum Colour {
        @Title("Cherry red")
        RED,
        @Title("Sky blue")
        BLUE
    }

    record One(Colour colour) {}

    record Several(List<Colour> colours) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who are you?");
    private static final Question<Name> DECLINED = Question.form("declined", Name.class, "Decline this");
    private static final Question<Name> DISMISSED = Question.form("dismissed", Name.class, "Dismiss this");
    private static final Question<Yes> CONSENT = Question.consent("consent", Yes.class, "May I?");
    private static final Question<One> ONE = Question.form("one", One.class, "Which colour?");
    private static final Question<Several> SEVERAL = Question.form("several", Several.class, "Which colours?");
    private static final Question<URI> PAGE =
            Question.url("page", "Please sign in", URI.create("https://example.com/sign-in"));
    private static final Question<ListRootsResult> ROOTS = Question.roots("roots");
    private static final Question<CreateMessageResult> MODEL = Question.sampling(
            "model",
            CreateMessageRequestParams.builder(List.of(SamplingMessage.user("Hello?")), 10)
                    .build());
    private static final Question<CreateMessageResult> MODEL_WITH_TOOLS = Question.sampling(
            "model-with-tools",
            CreateMessageRequestParams.builder(List.of(SamplingMessage.user("Hello?")), 10)
                    .toolChoice(ToolChoice.of(ToolChoice.Mode.NONE))
                    .build());

    private AskingTools() {}

    static List<Tool> all() {
        return List.of(
                asking("ask_name", NAME, Name::name),
                asking("ask_declined", DECLINED, Name::name),
                asking("ask_dismissed", DISMISSED, Name::name),
                asking("ask_consent", CONSENT, Yes::yes),
                asking("ask_one", ONE, One::colour),
                asking("ask_several", SEVERAL, Several::colours),
                asking("ask_page", PAGE, page -> "opened"),
                asking("ask_roots", ROOTS, roots -> roots.roots().getFirst().uri()),
                asking("ask_model", MODEL, CreateMessageResult::model),
                asking("ask_model_with_tools", MODEL_WITH_TOOLS, CreateMessageResult::model),
                Tool.named("ask_twice").handle(AskingTools::twice),
                Tool.named("can_ask")
                        .handle((in, call) -> "form " + call.canAsk(NAME) + ", page " + call.canAsk(PAGE) + ", model "
                                + call.canAsk(MODEL) + ", model with tools " + call.canAsk(MODEL_WITH_TOOLS)
                                + ", roots " + call.canAsk(ROOTS)));
    }

    private static <T> Tool asking(String name, Question<T> question, Function<T, Object> understood) {
        return Tool.named(name).handle((in, call) -> switch (call.answer(question)) {
            case Answer.Accepted<T> ok -> done(understood.apply(ok.value()));
            case Answer.Declined<T> no -> done("declined");
            case Answer.Cancelled<T> no -> done("dismissed");
            case Answer.Missing<T> none -> ask(question);
        });
    }

    /** One question after the other, with work in between that must not be done again. */
    private static ToolOutcome twice(Object in, ToolCall call) throws Exception {
        if (!(call.answer(ROOTS) instanceof Answer.Accepted<ListRootsResult> roots)) {
            return ask(ROOTS);
        }
        String root = call.once(
                "root", String.class, () -> roots.value().roots().getFirst().uri());
        return call.answer(MODEL) instanceof Answer.Accepted<CreateMessageResult> model
                ? done(root + " and " + model.value().model())
                : ask(MODEL);
    }

    static ResourceOutcome readAsking(ResourceCall call) {
        return call.answer(ROOTS) instanceof Answer.Accepted<ListRootsResult> ok
                ? ResourceOutcome.found(call.text(ok.value().roots().getFirst().uri()))
                : ResourceOutcome.ask(ROOTS);
    }

    static PromptOutcome promptAsking(PromptCall call) {
        return call.answer(ROOTS) instanceof Answer.Accepted<ListRootsResult> ok
                ? PromptOutcome.text(ok.value().roots().getFirst().uri())
                : PromptOutcome.ask(ROOTS);
    }
}
