package dev.mortise.rag.discovery;

import dev.mortise.mcp.call.Language;
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
    private final Language language;

    FinderTools(Finder finder, boolean progressive, Marks marks, Language language) {
        this.finder = finder;
        this.progressive = progressive;
        this.marks = marks;
        this.language = language;
    }

    Tool findTools() {
        String description = progressive
                ? language.of(
                        "Finds tools of this server for what you want to do. Most of its tools are not in the list: call"
                                + " this first, with the request in plain words (English or Chinese), then call one of"
                                + " the tools found by its name, with arguments that fit its inputSchema.",
                        "按要做的事查找本服务器的工具。多数工具不在列表中：请先用平常的话（中文或英文）说明要做什么来调用本工具，" + "再按名称调用找到的工具，参数须符合其 inputSchema。")
                : language.of(
                        "Finds the tools of this server that fit what you want to do, described in plain words (English"
                                + " or Chinese), the best first, and says why each fits. Use it when there are too many"
                                + " tools to read them all.",
                        "用平常的话（中文或英文）说明要做什么，查找本服务器中适合的工具，最适合的在最前，并说明为何适合。" + "工具太多、无法逐一阅读时使用。");
        return marks.on(FIND_TOOLS, Tool.named(FIND_TOOLS))
                .title(language.of("Find tools", "查找工具"))
                .description(description)
                .inputSchema(input(
                        language.of(
                                "What is to be done, in plain words; one step at a time works best",
                                "用平常的话说明要做什么；一次只说一步效果最好"),
                        true))
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
                .title(language.of("Find resources", "查找资源"))
                .description(language.of(
                        "Finds the resources of this server, and the templates of resources, that fit what you are"
                                + " looking for, described in plain words (English or Chinese). It looks at names and"
                                + " descriptions, not at contents. Read one with its uri; fill in a uriTemplate first.",
                        "用平常的话（中文或英文）说明要找什么，查找本服务器中相符的资源和资源模板。只看名称和说明，不看内容。" + "用 uri 读取资源；uriTemplate 须先填好变量。"))
                .inputSchema(input(language.of("What is looked for, in plain words", "用平常的话说明要找什么"), false))
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
                .title(language.of("Find prompts", "查找提示"))
                .description(language.of(
                        "Finds the prompts of this server that fit what you want to do, described in plain words"
                                + " (English or Chinese).",
                        "用平常的话（中文或英文）说明要做什么，查找本服务器中适合的提示。"))
                .inputSchema(input(language.of("What the prompt is to be for, in plain words", "用平常的话说明提示的用途"), false))
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

    private <T> ToolOutcome result(String member, Found<T> found, BiConsumer<T, ObjectNode> describe) {
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
            result.put(
                    "hint",
                    language.of(
                            "Nothing fits. Describe one step, in other words, and name the product it is about.",
                            "没有适合的。请换一种说法只描述一步，并说出所涉及的产品。"));
        }
        return ToolOutcome.done(
                CallToolResult.of(TextContent.of(result.toString())).withStructuredContent(result));
    }

    private JsonSchema input(String request, boolean schemas) {
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
                .put("description", language.of("How many at most", "最多返回几个"))
                .put("minimum", 1)
                .put("maximum", 20)
                .put("default", 5);
        if (schemas) {
            properties
                    .putObject("schemas")
                    .put("type", "boolean")
                    .put(
                            "description",
                            language.of(
                                    "Whether to give the input schemas, which are needed to call a tool",
                                    "是否给出输入模式；调用工具时需要它"))
                    .put("default", true);
        }
        schema.putArray("required").add("request");
        schema.put("additionalProperties", false);
        return JsonSchema.of(schema);
    }

    private JsonSchema output(String member, String required, String more) {
        return JsonSchema.parse("""
                {"type":"object","required":["%s","considered","truncated"],"properties":{
                 "%s":{"type":"array","description":"%s","items":{"type":"object",
                  "required":["%s","score","why"],"properties":{
                   "name":{"type":"string"},"title":{"type":"string"},"description":{"type":"string"},
                   "score":{"type":"number","description":"%s"},
                   "why":{"type":"array","items":{"type":"string"}}%s}}},
                 "considered":{"type":"integer","description":"%s"},
                 "truncated":{"type":"boolean","description":"%s"},
                 "hint":{"type":"string"}}}
                """.formatted(
                        member,
                        member,
                        language.of("The best first", "最适合的在最前"),
                        required,
                        language.of("Comparable within this answer only", "只能在同一次结果内比较"),
                        more,
                        language.of("Among how many", "从多少个中查找"),
                        language.of("Whether there are more than were looked through", "是否还有未查看的")));
    }
}
