package dev.mortise.examples.production.guide;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Requirement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What this server is for, and each of its tools in full, for people and models that want to read first. */
public final class HelpPages implements McpServer.Plugin {
    private final Map<String, Tool> tools = new ConcurrentHashMap<>();

    @Override
    public void install(McpServerBuilder builder) {
        builder.inspect(entry -> {
                    if (entry instanceof Tool tool && isForEverybody(tool)) {
                        tools.put(tool.key(), tool);
                    }
                })
                .resource(page("mortise://help", "help", "What this server is for", "help.md"))
                .resource(page("mortise://help/zh", "help-zh", "本服务的用途", "help.zh-CN.md"))
                .resourceTemplate(ResourceTemplate.at("mortise://tools/{name}", "tool-help")
                        .title("A tool in full")
                        .description("What a tool takes and gives, with its schemas")
                        .mimeType("text/markdown")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .complete(
                                "name",
                                typed -> new TreeMap<>(tools)
                                        .keySet().stream()
                                                .filter(name -> name.startsWith(typed.value()))
                                                .toList())
                        .read(call -> {
                            Tool tool = tools.get(call.variable("name"));
                            return tool == null
                                    ? ResourceOutcome.notFound()
                                    : ResourceOutcome.found(call.text(page(tool.definition())));
                        }));
    }

    /** What not everybody may know of does not stand in a page for everybody. */
    private static boolean isForEverybody(Tool tool) {
        return tool.attributes()
                        .get(SecurityLevel.ATTRIBUTE)
                        .filter(SecurityLevel.MEDIUM::reaches)
                        .isPresent()
                && tool.attributes().get(Requirement.ATTRIBUTE).isEmpty();
    }

    private static Resource page(String uri, String name, String title, String file) {
        String text = read(file);
        return Resource.at(uri, name)
                .title(title)
                .mimeType("text/markdown")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .read(call -> ResourceOutcome.found(call.text(text)));
    }

    private static String read(String file) {
        try (InputStream in = HelpPages.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(ToolDefinition tool) {
        StringBuilder page = new StringBuilder("# " + tool.name() + "\n\n" + tool.description() + "\n");
        page.append("\n## Takes\n\n```json\n").append(tool.inputSchema()).append("\n```\n");
        if (tool.outputSchema() != null) {
            page.append("\n## Gives\n\n```json\n").append(tool.outputSchema()).append("\n```\n");
        }
        return page.toString();
    }
}
