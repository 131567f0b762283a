package dev.mortise.servlet.matrix;

import static dev.mortise.mcp.server.ToolOutcome.failed;

import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.AudioContent;
import dev.mortise.mcp.schema.EmbeddedResource;
import dev.mortise.mcp.schema.ImageContent;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ResourceLink;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import java.util.List;

/** Tools that need nobody but their arguments. */
final class PlainTools {
    record Say(@Description("What to say") String text) {}

    record Add(int a, int b) {}

    record Sum(int sum) {}

    private PlainTools() {}

    static List<Tool> all() {
        return List.of(
                Tool.of("say", "Says it again", Say.class, Say::text),
                Tool.named("add")
                        .title("Add")
                        .description("Adds")
                        .input(Add.class)
                        .output(Sum.class)
                        .annotations(ToolAnnotations.builder()
                                .title("Adder")
                                .readOnly(true)
                                .build())
                        .handle((in, call) -> new Sum(in.a() + in.b())),
                Tool.named("list")
                        .outputSchema(JsonSchema.parse("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"))
                        .handle((in, call) -> List.of(1, 2)),
                Tool.named("fails").handle((in, call) -> failed("That went wrong")),
                Tool.named("crashes").handle((in, call) -> {
                    throw new IllegalStateException("secret");
                }),
                Tool.named("image").handle((in, call) -> ImageContent.of(MatrixServer.PIXEL, "image/png")),
                Tool.named("audio").handle((in, call) -> AudioContent.of(MatrixServer.PIXEL, "audio/wav")),
                Tool.named("link")
                        .handle((in, call) -> ResourceLink.to(ResourceDefinition.builder("docs:///text", "text")
                                .build())),
                Tool.named("embedded")
                        .handle((in, call) -> EmbeddedResource.of(TextResourceContents.of("docs:///text", "hello"))),
                Tool.named("works").handle((in, call) -> {
                    call.progress(1, 2.0, "half");
                    call.progress(2, 2.0, "all");
                    return "done";
                }),
                Tool.named("logs").handle((in, call) -> {
                    call.log(LoggingLevel.DEBUG, "matrix", "noise");
                    call.log(LoggingLevel.WARNING, "matrix", "careful");
                    return "done";
                }),
                Tool.named("revision")
                        .handle((in, call) -> call.context().version().wire()));
    }
}
