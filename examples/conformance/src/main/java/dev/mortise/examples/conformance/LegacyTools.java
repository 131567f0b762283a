package dev.mortise.examples.conformance;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static dev.mortise.mcp.server.ToolOutcome.failed;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.EnumOption;
import dev.mortise.mcp.schema.LegacyTitledEnumSchema;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.RequestedSchema;
import dev.mortise.mcp.schema.SamplingMessage;
import dev.mortise.mcp.schema.TitledMultiSelectEnumSchema;
import dev.mortise.mcp.schema.TitledSingleSelectEnumSchema;
import dev.mortise.mcp.schema.UntitledMultiSelectEnumSchema;
import dev.mortise.mcp.schema.UntitledSingleSelectEnumSchema;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the suite expects of servers of earlier revisions only. The tools are written as all others are. */
final class LegacyTools {
    record Prompt(String prompt) {}

    record Message(String message) {}

    record Contact(
            @Description("User's response") String username,
            @Description("User's email address") String email) {}

    /** A choice. */
    enum Status {
        active,
        inactive,
        pending
    }

    record Defaults(
            @DefaultValue("John Doe") String name,
            @DefaultValue("30") int age,
            @DefaultValue("95.5") double score,
            @DefaultValue("active") Status status,
            @DefaultValue("true") boolean verified) {}

    private static final Question<Defaults> DEFAULTS =
            Question.form("defaults", Defaults.class, "Please review the form with its defaults");

    private static final Question<ObjectNode> CHOICES = Question.form(
            "choices",
            RequestedSchema.builder()
                    .optional(
                            "untitledSingle",
                            UntitledSingleSelectEnumSchema.of(List.of("option1", "option2", "option3")))
                    .optional(
                            "titledSingle",
                            TitledSingleSelectEnumSchema.of(List.of(
                                    EnumOption.of("value1", "First Option"),
                                    EnumOption.of("value2", "Second Option"),
                                    EnumOption.of("value3", "Third Option"))))
                    .optional(
                            "legacyEnum",
                            LegacyTitledEnumSchema.of(List.of(
                                    EnumOption.of("opt1", "Option One"),
                                    EnumOption.of("opt2", "Option Two"),
                                    EnumOption.of("opt3", "Option Three"))))
                    .optional(
                            "untitledMulti", UntitledMultiSelectEnumSchema.of(List.of("option1", "option2", "option3")))
                    .optional(
                            "titledMulti",
                            TitledMultiSelectEnumSchema.of(List.of(
                                    EnumOption.of("value1", "First Choice"),
                                    EnumOption.of("value2", "Second Choice"),
                                    EnumOption.of("value3", "Third Choice"))))
                    .build(),
            "Please choose");

    private LegacyTools() {}

    static List<Tool> all() {
        return List.of(
                Tool.named("test_tool_with_logging")
                        .description("Logs while it runs")
                        .handle((in, call) -> {
                            call.log(LoggingLevel.INFO, null, "Tool execution started");
                            Thread.sleep(50);
                            call.log(LoggingLevel.INFO, null, "Tool processing data");
                            Thread.sleep(50);
                            call.log(LoggingLevel.INFO, null, "Tool execution completed");
                            return "Tool with logging executed successfully";
                        }),
                Tool.named("test_sampling")
                        .description("Asks the client's model")
                        .input(Prompt.class)
                        .handle(LegacyTools::sample),
                Tool.named("test_elicitation")
                        .description("Asks the user")
                        .input(Message.class)
                        .handle((in, call) ->
                                elicit(Question.form("contact", Contact.class, in.message()), call, "User response")),
                Tool.named("test_elicitation_sep1034_defaults")
                        .description("Asks the user, and suggests answers")
                        .handle((in, call) -> elicit(DEFAULTS, call, "Elicitation completed")),
                Tool.named("test_elicitation_sep1330_enums")
                        .description("Lets the user choose in every way there is")
                        .handle((in, call) -> elicit(CHOICES, call, "Elicitation completed")),
                Tool.named("test_reconnection")
                        .description("Lets go of the connection before it is done")
                        .handle((in, call) -> {
                            call.closeStream();
                            Thread.sleep(200);
                            return "Reconnection test completed successfully";
                        }));
    }

    private static ToolOutcome sample(Prompt in, ToolCall call) {
        Question<CreateMessageResult> question = Question.sampling(
                "completion",
                CreateMessageRequestParams.builder(List.of(SamplingMessage.user(in.prompt())), 100)
                        .build());
        if (!call.canAsk(question)) {
            return failed("The client does not support sampling");
        }
        return call.answer(question) instanceof Answer.Accepted<CreateMessageResult> sampled
                ? done("LLM response: " + AskingTools.text(sampled.value()))
                : ask(question);
    }

    private static <T> ToolOutcome elicit(Question<T> question, ToolCall call, String what) {
        if (!call.canAsk(question)) {
            return failed("The client does not support elicitation");
        }
        return switch (call.answer(question)) {
            case Answer.Accepted<T> ok -> done(what + ": action=accept, content=" + content(ok.value()));
            case Answer.Declined<T> no -> done(what + ": action=decline, content={}");
            case Answer.Cancelled<T> no -> done(what + ": action=cancel, content={}");
            case Answer.Missing<T> none -> ask(question);
        };
    }

    private static JsonNode content(Object value) {
        return Json.tree(value);
    }
}
