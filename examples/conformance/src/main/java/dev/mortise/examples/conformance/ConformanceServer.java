package dev.mortise.examples.conformance;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.schema.BlobResourceContents;
import dev.mortise.mcp.schema.EmbeddedResource;
import dev.mortise.mcp.schema.ImageContent;
import dev.mortise.mcp.schema.PromptMessage;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Registry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.skill.Skill;
import dev.mortise.mcp.skill.Skills;
import dev.mortise.mcp.task.Tasks;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The server that the official conformance suite expects: one of everything, with the names that it looks for. */
final class ConformanceServer {
    record Context(String context) {}

    private static final Question<Context> USER_CONTEXT =
            Question.form("user_context", Context.class, "What context should the prompt use?");

    private ConformanceServer() {}

    static McpServer create() {
        // The tools that change the server's lists need the server that they are part of.
        CompletableFuture<McpServer> self = new CompletableFuture<>();
        McpServerBuilder builder = McpServer.builder("mortise-conformance-server", "1.0.0")
                .tool(Tool.named("test_trigger_tool_change")
                        .description("Changes the list of tools")
                        .handle((in, call) -> toggled(self.join().tools(), "dynamic_tool", dynamicTool())))
                .tool(Tool.named("test_trigger_prompt_change")
                        .description("Changes the list of prompts")
                        .handle((in, call) -> toggled(self.join().prompts(), "dynamic_prompt", dynamicPrompt())))
                .resource(Resource.text(
                        "test://static-text",
                        "static-text",
                        "text/plain",
                        "This is the content of the static text resource."))
                .resource(Resource.text("test://watched-resource", "watched-resource", "text/plain", "It may change."))
                .resource(Resource.at("test://static-binary", "static-binary")
                        .mimeType("image/png")
                        .read(call -> ResourceOutcome.found(BlobResourceContents.ofBase64(call.uri(), ContentTools.PNG)
                                .withMimeType("image/png"))))
                .resourceTemplate(ResourceTemplate.at("test://template/{id}/data", "template")
                        .mimeType("application/json")
                        .read(call -> ResourceOutcome.found(call.text("{\"id\":\"" + call.variable("id")
                                + "\",\"templateTest\":true,\"data\":\"Data for ID: " + call.variable("id") + "\"}"))));
        builder.plugin(Tasks.create()).plugin(skills());
        ContentTools.all().forEach(builder::tool);
        AskingTools.all().forEach(builder::tool);
        LegacyTools.all().forEach(builder::tool);
        TaskTools.all().forEach(builder::tool);
        prompts().forEach(builder::prompt);
        McpServer server = builder.build();
        self.complete(server);
        return server;
    }

    private static Skills skills() {
        return Skills.of(Skill.named("git-workflow", "Follow the team's conventions for branches and commits")
                .with("license", "Apache-2.0")
                .file("references/COMMITS.md", "# Commits\n\nOne change, one commit.\n")
                .instructions("# Git workflow\n\nRead `references/COMMITS.md` before the first commit.\n"));
    }

    private static List<Prompt> prompts() {
        return List.of(
                Prompt.named("test_simple_prompt")
                        .description("Has no arguments")
                        .handle(call -> PromptOutcome.text("This is a simple prompt for testing.")),
                Prompt.named("test_prompt_with_arguments")
                        .description("Has two arguments")
                        .argument("arg1", "First")
                        .argument("arg2", "Second")
                        .complete("arg1", call -> List.of())
                        .handle(call -> PromptOutcome.text("Prompt with arguments: arg1='"
                                + call.argument("arg1").orElse("") + "', arg2='"
                                + call.argument("arg2").orElse("") + "'")),
                Prompt.named("test_prompt_with_embedded_resource")
                        .description("Embeds a resource")
                        .argument("resourceUri", "Which resource")
                        .handle(call -> PromptOutcome.messages(
                                PromptMessage.user(EmbeddedResource.of(TextResourceContents.of(
                                                call.argument("resourceUri").orElse(""),
                                                "Embedded resource content for testing.")
                                        .withMimeType("text/plain"))),
                                PromptMessage.user("Please process the embedded resource above."))),
                Prompt.named("test_prompt_with_image")
                        .description("Has an image")
                        .handle(call -> PromptOutcome.messages(
                                PromptMessage.user(ImageContent.ofBase64(ContentTools.PNG, "image/png")),
                                PromptMessage.user("Please analyze the image above."))),
                Prompt.named("test_input_required_result_prompt")
                        .description("Asks before it answers")
                        .handle(call -> call.answer(USER_CONTEXT) instanceof Answer.Accepted<Context> ok
                                ? PromptOutcome.text("Context: " + ok.value().context())
                                : PromptOutcome.ask(USER_CONTEXT)));
    }

    private static <T extends Entry> String toggled(Registry<T> registry, String key, T entry) {
        if (!registry.remove(key)) {
            registry.put(entry);
        }
        return "Mutation triggered";
    }

    private static Tool dynamicTool() {
        return Tool.named("dynamic_tool").description("Comes and goes").handle((in, call) -> TextContent.of("here"));
    }

    private static Prompt dynamicPrompt() {
        return Prompt.named("dynamic_prompt").description("Comes and goes").handle(call -> PromptOutcome.text("here"));
    }
}
