package dev.mortise.benchmarks;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.Tool;
import dev.mortise.rag.discovery.Discovery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Has a server with a catalogue of tools find the ones that serve some requests, through {@code find_tools} as a client
 * calls it, and writes down in which order it finds them.
 *
 * <p>The catalogue: {@code {"tools":[{name, description, inputSchema}], "requests":[{id, request}]}}. The run: a line
 * {@code {"id", "ranked":[names]}} for each request.
 */
public final class ToolSelection {
    private static final int RANKED = 20;

    private ToolSelection() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: ToolSelection TOOLSET OUT");
            System.exit(2);
        }
        JsonNode set = Json.mapper().readTree(Files.readString(Path.of(args[0])));
        McpServerBuilder builder = McpServer.builder("catalogue", "1")
                .plugin(Discovery.builder()
                        .only(Discovery.Kind.TOOLS)
                        .progressive()
                        .withoutLearning()
                        .build());
        set.path("tools").valueStream().map(ToolSelection::tool).forEach(builder::tool);
        List<String> lines = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        try (McpServer server = builder.build();
                McpClient client = McpClient.inMemory(server).connect()) {
            for (JsonNode request : set.path("requests")) {
                long begin = System.nanoTime();
                CallToolResult result = client.callTool(
                        "find_tools",
                        Map.of("request", request.path("request").asString(), "limit", RANKED, "schemas", false));
                millis.add((System.nanoTime() - begin) / 1e6);
                lines.add(line(request.path("id").asString(), result));
            }
        }
        Files.write(Path.of(args[1]), lines, StandardCharsets.UTF_8);
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                "%d requests among %d tools; a find_tools call: median %.2f ms, p95 %.2f ms, the first %.0f ms%n",
                sorted.length,
                set.path("tools").size(),
                sorted[sorted.length / 2],
                sorted[sorted.length * 95 / 100],
                millis.get(0));
    }

    private static Tool tool(JsonNode tool) {
        return Tool.named(tool.path("name").asString())
                .title(tool.path("title").asString(""))
                .description(tool.path("description").asString(""))
                .inputSchema(JsonSchema.of(tool.path("inputSchema")))
                .handle((in, call) -> "not for use");
    }

    private static String line(String id, CallToolResult result) {
        ObjectNode line = Json.object().put("id", id);
        ArrayNode ranked = line.putArray("ranked");
        Objects.requireNonNull(result.structuredContent(), () -> "No answer: " + result)
                .path("tools")
                .forEach(match -> ranked.add(match.path("name").stringValue()));
        return line.toString();
    }
}
