package dev.mortise.examples.conformance.client;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.client.LoadedSkill;
import dev.mortise.mcp.client.SkillEntry;
import dev.mortise.mcp.client.SkillRejectedException;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.ToolDefinition;
import java.net.URI;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the client does in each scenario. The revision is never given: it is found out. */
final class Scenarios {
    private Scenarios() {}

    static void run(String scenario, URI server, JsonNode context) {
        McpClientBuilder builder = McpClient.http(server)
                .clientInfo("mortise-conformance", "1.0")
                .authorization(Authorizations.of(scenario, context));
        switch (scenario) {
            case "initialize", "json-schema-ref-no-deref", "request-metadata" -> list(builder);
            case "elicitation-sep1034-client-defaults" -> fillInNothing(builder);
            case "sep-2322-client-request-state" -> answerQuestions(builder);
            case "json-schema-2020-12-preservation" -> echoSchema(builder);
            case "http-standard-headers" -> useEverything(builder);
            case "http-custom-headers", "http-invalid-tool-headers" -> callAsTold(builder, context);
            case "sep-2640-client-no-prefetch" -> listSkills(builder);
            case "sep-2640-client-verify-digest", "sep-2640-client-verify-size", "sep-2640-client-verify-frontmatter" ->
                useSkills(builder);
            default -> callTools(builder);
        }
    }

    private static void list(McpClientBuilder builder) {
        try (McpClient client = builder.connect()) {
            client.tools().forEach(tool -> {});
        }
    }

    private static void callTools(McpClientBuilder builder) {
        try (McpClient client = builder.connect()) {
            for (ToolDefinition tool : client.tools().toList()) {
                client.callTool(tool.name(), arguments(tool));
            }
        }
    }

    /** Something for each argument that a tool cannot do without. */
    private static Map<String, Object> arguments(ToolDefinition tool) {
        return tool.inputSchema().path("properties").has("a") ? Map.of("a", 2, "b", 3) : Map.of();
    }

    private static void fillInNothing(McpClientBuilder builder) {
        callTools(builder.onElicitation(form -> ElicitResult.accept(Json.object())));
    }

    private static void answerQuestions(McpClientBuilder builder) {
        builder.onElicitation(form -> ElicitResult.accept(Json.object().put("confirmed", true)));
        try (McpClient client = builder.connect()) {
            List<ToolDefinition> tools = client.tools().toList();
            for (ToolDefinition tool : tools) {
                client.callTool(tool.name(), Map.of());
            }
        }
    }

    private static void echoSchema(McpClientBuilder builder) {
        try (McpClient client = builder.connect()) {
            JsonNode schema = client.tools()
                    .filter(tool -> tool.name().equals("json_schema_2020_12_tool"))
                    .findFirst()
                    .orElseThrow()
                    .inputSchema();
            client.callTool("json_schema_echo", Map.of("schema", schema));
        }
    }

    private static void useEverything(McpClientBuilder builder) {
        try (McpClient client = builder.connect()) {
            for (ToolDefinition tool : client.tools().toList()) {
                client.callTool(tool.name(), Map.of());
            }
            client.resources().forEach(resource -> client.readResource(resource.uri()));
            client.prompts().forEach(prompt -> client.getPrompt(prompt.name(), Map.of()));
        }
    }

    private static void callAsTold(McpClientBuilder builder, JsonNode context) {
        try (McpClient client = builder.connect()) {
            List<ToolDefinition> tools = client.tools().toList();
            JsonNode told = context.path("toolCalls");
            for (JsonNode call : told) {
                client.callTool(call.path("name").stringValue(), call.path("arguments"));
            }
            for (ToolDefinition tool : told.isEmpty() ? tools : List.<ToolDefinition>of()) {
                client.callTool(tool.name(), Map.of());
            }
        }
    }

    private static void listSkills(McpClientBuilder builder) {
        try (McpClient client = builder.connect()) {
            client.skills().forEach(skill -> System.out.println(skill.name() + ": " + skill.description()));
        }
    }

    /** As a host would: what is rejected is not used, and the others are read to their last file. */
    private static void useSkills(McpClientBuilder builder) {
        try (McpClient client = builder.connect()) {
            for (SkillEntry entry : client.skills().toList()) {
                try {
                    LoadedSkill skill = client.loadSkill(entry);
                    entry.files().forEach(file -> skill.read(file.path()));
                } catch (SkillRejectedException e) {
                    System.out.println(e.reason() + ": " + e.getMessage());
                }
            }
        }
    }
}
