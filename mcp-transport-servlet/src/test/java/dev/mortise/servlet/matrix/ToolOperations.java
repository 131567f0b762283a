package dev.mortise.servlet.matrix;

import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ImageContent;
import dev.mortise.mcp.schema.ToolDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Tools: how they are listed, what they take and what they give. */
final class ToolOperations {
    static final List<Operation> ALL = List.of(
            Operation.of("list of tools", "30, in order", bench -> {
                List<String> names =
                        bench.client().tools().map(ToolDefinition::name).toList();
                return names.size() + (names.equals(names.stream().sorted().toList()) ? ", in order" : ", " + names);
            }),
            Operation.of("page of tools", "4 of more", bench -> {
                JsonNode page = bench.client().request("tools/list", null);
                return page.path("tools").size() + (page.has("nextCursor") ? " of more" : "");
            }),
            Operation.of(
                    "bad cursor",
                    "error -32602",
                    bench -> bench.client().request("tools/list", Map.of("cursor", "nonsense"))),
            Operation.of(
                    "title of a tool",
                    "Add",
                    bench -> Objects.requireNonNullElse(tool(bench, "add").title(), "none")),
            Operation.of("annotations of a tool", "Adder, read-only", bench -> {
                var annotations = Objects.requireNonNull(tool(bench, "add").annotations());
                return annotations.title() + (annotations.readOnly() ? ", read-only" : "");
            }),
            Operation.of(
                    "input schema",
                    "[a, b]",
                    bench -> tool(bench, "add").inputSchema().path("properties").propertyNames()),
            Operation.of("output schema", "object", bench -> outputType(bench, "add")),
            Operation.of("output schema of a list", "array", bench -> outputType(bench, "list")),
            Operation.of("text", "Grüße, 世界 🌍", bench -> bench.call("say", Map.of("text", "Grüße, 世界 🌍"))),
            Operation.of("revision the handler sees", "2026-07-28", bench -> bench.call("revision")),
            Operation.of(
                    "typed result",
                    "Sum[sum=42]",
                    bench -> bench.client().callTool("add", new PlainTools.Add(20, 22), PlainTools.Sum.class)),
            Operation.of(
                    "structured result",
                    "{\"sum\":3}",
                    bench -> bench.client()
                            .callTool("add", Map.of("a", 1, "b", 2))
                            .structuredContent()),
            Operation.of(
                    "structured result as text", "{\"sum\":3}", bench -> bench.call("add", Map.of("a", 1, "b", 2))),
            Operation.of(
                    "structured list",
                    "[1,2]",
                    bench -> bench.client().callTool("list", Map.of()).structuredContent()),
            Operation.of("structured list as text", "[1,2]", bench -> bench.call("list")),
            Operation.of("bad arguments", "failed, names b", bench -> {
                CallToolResult result = bench.client().callTool("add", Map.of("a", 1, "b", "x"));
                return failed(result) + (Bench.text(result.content()).contains("b") ? ", names b" : "");
            }),
            Operation.of(
                    "missing arguments",
                    "failed",
                    bench -> failed(bench.client().callTool("add", Map.of("a", 1)))),
            Operation.of("unknown tool", "error -32602", bench -> bench.client().callTool("nope", Map.of())),
            Operation.of(
                    "tool without a name",
                    "error -32602",
                    bench -> bench.client().request("tools/call", Json.object())),
            Operation.of("failing tool", "failed: That went wrong", bench -> {
                CallToolResult result = bench.client().callTool("fails", Map.of());
                return failed(result) + ": " + Bench.text(result.content());
            }),
            Operation.of(
                    "failing tool, typed",
                    "ToolFailedException",
                    bench -> bench.client().callTool("fails", Map.of(), PlainTools.Sum.class)),
            Operation.of("crashing tool", "failed, keeps its secret", bench -> {
                CallToolResult result = bench.client().callTool("crashes", Map.of());
                return failed(result) + (Bench.text(result.content()).contains("secret") ? "" : ", keeps its secret");
            }),
            Operation.of("image", "[1, 2, 3]", bench -> {
                CallToolResult result = bench.client().callTool("image", Map.of());
                return result.content().getFirst() instanceof ImageContent image
                        ? Arrays.toString(image.bytes())
                        : result;
            }),
            Operation.of("audio", "audio", bench -> bench.call("audio")),
            Operation.of("link to a resource", "resource_link", bench -> bench.call("link")),
            Operation.of("embedded resource", "resource", bench -> bench.call("embedded")),
            Operation.of("progress", "grows to 2.0 of 2.0: all", ToolOperations::progress),
            Operation.of("log message", "careful", bench -> {
                bench.call("logs");
                return Objects.requireNonNullElse(bench.logs.poll(10, TimeUnit.SECONDS), "none");
            }));

    private ToolOperations() {}

    private static ToolDefinition tool(Bench bench, String name) {
        return bench.client()
                .tools()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String outputType(Bench bench, String name) {
        JsonNode schema = tool(bench, name).outputSchema();
        return schema == null ? "none" : schema.path("type").asString("untyped");
    }

    private static String failed(CallToolResult result) {
        return result.isError() ? "failed" : "succeeded";
    }

    /** What is not the last may be dropped where it is not written in time. */
    private static String progress(Bench bench) {
        List<Double> steps = new CopyOnWriteArrayList<>();
        List<String> last = new CopyOnWriteArrayList<>();
        bench.client().callTool("works", Map.of(), CallOptions.DEFAULT.onProgress(step -> {
            steps.add(step.progress());
            last.add(step.progress() + " of " + step.total() + ": " + step.message());
        }));
        boolean grows = steps.equals(steps.stream().distinct().sorted().toList());
        return last.isEmpty() ? "none" : (grows ? "grows to " : "jumps to ") + last.getLast();
    }
}
