package dev.mortise.rag.discovery;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.rag.internal.Marks;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The three finders, as tools. */
final class FinderTools {
    static final String FIND_TOOLS = "find_tools";
    static final String FIND_RESOURCES = "find_resources";
    static final String FIND_PROMPTS = "find_prompts";
    static final Set<String> NAMES = Set.of(FIND_TOOLS, FIND_RESOURCES, FIND_PROMPTS);

    private static final int LONGEST_REQUEST = 2_000;

    private static final ToolAnnotations READ_ONLY =
            ToolAnnotations.builder().readOnly(true).openWorld(false).build();

    private final Finder finder;
    private final boolean progressive;
    private final Marks marks;

    FinderTools(Finder finder, boolean progressive, Marks marks) {
        this.finder = finder;
        this.progressive = progressive;
        this.marks = marks;
    }

    Tool findTools() {
        String description = progressive
                ? "Finds tools of this server for what you want to do. Most of its tools are not in the list: call this"
                        + " first, with the request in plain words (English or Chinese), then call one of the tools found"
                        + " by its name, with arguments that fit its inputSchema."
                : "Finds the tools of this server that fit what you want to do, described in plain words (English or"
                        + " Chinese), the best first, and says why each fits. Use it when there are too many tools to"
                        + " read them all.";
        return marks.on(FIND_TOOLS, Tool.named(FIND_TOOLS))
                .title("Find tools")
                .description(description)
                .inputSchema(input("What is to be done, in plain words; one step at a time works best", true))
                .outputSchema(output("tools", "name", ",\"inputSchema\":{\"type\":\"object\"}"))
                .annotations(READ_ONLY)
                .handle((in, call) -> {
                    Found<Tool> found = finder.tools(call.caller(), request(in), limit(in));
                    boolean schemas = in.path("schemas").asBoolean(true);
                    return result("tools", found, (tool, out) -> {
                        out.put("name", tool.key());
                        putText(out, "title", tool.definition().title());
                        putText(out, "description", tool.definition().description());
                        if (schemas) {
                            out.set("inputSchema", tool.definition().inputSchema());
                        }
                    });
                });
    }

    Tool findResources() {
        return marks.on(FIND_RESOURCES, Tool.named(FIND_RESOURCES))
                .title("Find resources")
                .description("Finds the resources of this server, and the templates of resources, that fit what you are"
                        + " looking for, described in plain words (English or Chinese). It looks at names and"
                        + " descriptions, not at contents. Read one with its uri; fill in a uriTemplate first.")
                .inputSchema(input("What is looked for, in plain words", false))
                .outputSchema(output(
                        "resources",
                        "name",
                        ",\"uri\":{\"type\":\"string\"},\"uriTemplate\":{\"type\":\"string\"},"
                                + "\"mimeType\":{\"type\":\"string\"}"))
                .annotations(READ_ONLY)
                .handle((in, call) -> result(
                        "resources", finder.resources(call.caller(), request(in), limit(in)), FinderTools::describe));
    }

    Tool findPrompts() {
        return marks.on(FIND_PROMPTS, Tool.named(FIND_PROMPTS))
                .title("Find prompts")
                .description("Finds the prompts of this server that fit what you want to do, described in plain words"
                        + " (English or Chinese).")
                .inputSchema(input("What the prompt is to be for, in plain words", false))
                .outputSchema(output("prompts", "name", ",\"arguments\":{\"type\":\"array\"}"))
                .annotations(READ_ONLY)
                .handle((in, call) -> result(
                        "prompts", finder.prompts(call.caller(), request(in), limit(in)), FinderTools::describe));
    }

    private static void describe(Entry entry, ObjectNode out) {
        switch (entry) {
            case Resource resource -> {
                out.put("uri", resource.key()).put("name", resource.definition().name());
                putText(out, "title", resource.definition().title());
                putText(out, "description", resource.definition().description());
                putText(out, "mimeType", resource.definition().mimeType());
            }
            case ResourceTemplate template -> {
                out.put("uriTemplate", template.key())
                        .put("name", template.definition().name());
                putText(out, "title", template.definition().title());
                putText(out, "description", template.definition().description());
                putText(out, "mimeType", template.definition().mimeType());
            }
            case Prompt prompt -> {
                out.put("name", prompt.key());
                putText(out, "title", prompt.definition().title());
                putText(out, "description", prompt.definition().description());
                out.set("arguments", Json.tree(prompt.definition().arguments()));
            }
            case Tool tool -> out.put("name", tool.key());
        }
    }

    private static void putText(ObjectNode out, String name, @Nullable String text) {
        if (text != null) {
            out.put(name, text);
        }
    }

    private static String request(JsonNode in) {
        return in.path("request").asString("");
    }

    private static int limit(JsonNode in) {
        return in.path("limit").asInt(5);
    }

    private static <T> ToolOutcome result(String member, Found<T> found, BiConsumer<T, ObjectNode> describe) {
        ObjectNode result = Json.object();
        ArrayNode all = result.putArray(member);
        for (Found.Match<T> match : found.matches()) {
            ObjectNode each = all.addObject();
            describe.accept(match.entry(), each);
            each.put("score", Math.round(match.score() * 1000) / 1000.0);
            ArrayNode why = each.putArray("why");
            match.why().forEach(why::add);
        }
        result.put("considered", found.considered());
        result.put("truncated", found.truncated());
        if (found.matches().isEmpty()) {
            result.put("hint", "Nothing fits. Describe one step, in other words, and name the product it is about.");
        }
        return ToolOutcome.done(
                CallToolResult.of(TextContent.of(result.toString())).withStructuredContent(result));
    }

    private static JsonSchema input(String request, boolean schemas) {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties
                .putObject("request")
                .put("type", "string")
                .put("description", request)
                .put("minLength", 1)
                .put("maxLength", LONGEST_REQUEST);
        properties
                .putObject("limit")
                .put("type", "integer")
                .put("description", "How many at most")
                .put("minimum", 1)
                .put("maximum", 20)
                .put("default", 5);
        if (schemas) {
            properties
                    .putObject("schemas")
                    .put("type", "boolean")
                    .put("description", "Whether to give the input schemas, which are needed to call a tool")
                    .put("default", true);
        }
        schema.putArray("required").add("request");
        schema.put("additionalProperties", false);
        return JsonSchema.of(schema);
    }

    private static JsonSchema output(String member, String required, String more) {
        return JsonSchema.parse("""
                {"type":"object","required":["%s","considered","truncated"],"properties":{
                 "%s":{"type":"array","description":"The best first","items":{"type":"object",
                  "required":["%s","score","why"],"properties":{
                   "name":{"type":"string"},"title":{"type":"string"},"description":{"type":"string"},
                   "score":{"type":"number","description":"Comparable within this answer only"},
                   "why":{"type":"array","items":{"type":"string"}}%s}}},
                 "considered":{"type":"integer","description":"Among how many"},
                 "truncated":{"type":"boolean","description":"Whether there are more than were looked through"},
                 "hint":{"type":"string"}}}
                """.formatted(member, member, required, more));
    }
}
