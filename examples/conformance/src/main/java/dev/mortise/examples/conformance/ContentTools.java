package dev.mortise.examples.conformance;

import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.AudioContent;
import dev.mortise.mcp.schema.EmbeddedResource;
import dev.mortise.mcp.schema.ImageContent;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import java.util.List;

/** Tools whose results have every kind of content, and tools that report, log and fail. */
final class ContentTools {
    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private static final String WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    private static final String SCHEMA_2020_12 = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "$defs": {
                "address": {
                  "$anchor": "addressDef",
                  "type": "object",
                  "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
                }
              },
              "properties": {
                "name": {"type": "string"},
                "address": {"$ref": "#/$defs/address"},
                "contactMethod": {"type": "string", "enum": ["phone", "email"]},
                "phone": {"type": "string"},
                "email": {"type": "string"}
              },
              "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
              "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
              "then": {"required": ["phone"]},
              "else": {"required": ["email"]},
              "additionalProperties": false
            }
            """;

    private ContentTools() {}

    static List<Tool> all() {
        return List.of(
                Tool.named("test_simple_text")
                        .description("Returns text")
                        .handle((in, call) -> "This is a simple text response for testing."),
                Tool.named("test_image_content")
                        .description("Returns an image")
                        .handle((in, call) -> ImageContent.ofBase64(PNG, "image/png")),
                Tool.named("test_audio_content")
                        .description("Returns audio")
                        .handle((in, call) -> AudioContent.ofBase64(WAV, "audio/wav")),
                Tool.named("test_embedded_resource")
                        .description("Returns an embedded resource")
                        .handle((in, call) -> EmbeddedResource.of(TextResourceContents.of(
                                        "test://embedded-resource", "This is an embedded resource content.")
                                .withMimeType("text/plain"))),
                Tool.named("test_multiple_content_types")
                        .description("Returns text, an image and a resource")
                        .handle((in, call) -> List.of(
                                TextContent.of("Multiple content types test:"),
                                ImageContent.ofBase64(PNG, "image/png"),
                                EmbeddedResource.of(TextResourceContents.of(
                                                "test://mixed-content-resource", "{\"test\":\"data\",\"value\":123}")
                                        .withMimeType("application/json")))),
                Tool.named("test_error_handling")
                        .description("Always fails")
                        .handle((in, call) ->
                                ToolOutcome.failed("This tool intentionally returns an error for testing")),
                Tool.named("test_tool_with_progress")
                        .description("Reports its progress")
                        .handle((in, call) -> {
                            for (int percent = 0; percent <= 100; percent += 50) {
                                call.progress(percent, 100);
                                Thread.sleep(50);
                            }
                            return "Done";
                        }),
                Tool.named("test_logging_tool")
                        .description("Logs to the client, if it wants to know")
                        .handle((in, call) -> {
                            call.log(LoggingLevel.INFO, "conformance", "Logging evaluated");
                            return "Logging evaluated";
                        }),
                Tool.named("json_schema_2020_12_tool")
                        .description("Has a schema with many keywords of 2020-12")
                        .inputSchema(JsonSchema.parse(SCHEMA_2020_12))
                        .handle((in, call) -> "Valid"),
                Tool.named("test_x_mcp_header")
                        .description("Has an argument that is repeated in a header")
                        .inputSchema(JsonSchema.parse("""
                                {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}
                                """))
                        .handle((in, call) -> "Region: " + in.path("region").asString("none")));
    }
}
