package dev.mortise.mcp;

import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.extension.DefinitionIcons;
import dev.mortise.mcp.extension.DefinitionMeta;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.schema.PromptsCapability;
import dev.mortise.mcp.schema.ResourcesCapability;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.schema.ToolsCapability;
import dev.mortise.mcp.server.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What extensions have added to a server that is being composed. Not thread-safe. */
final class ServerExtensions {
    final Map<String, ObjectNode> declared = new LinkedHashMap<>();
    final List<ServerMethod<?>> methods = new ArrayList<>();
    final List<ListenTopic> topics = new ArrayList<>();
    final List<DefinitionMeta> definitionMeta = new ArrayList<>();
    final List<DefinitionIcons> definitionIcons = new ArrayList<>();
    final List<ServerCompanion> companions = new ArrayList<>();
    final List<Consumer<Entry>> inspectors = new ArrayList<>();
    final List<Consumer<Wording>> worded = new ArrayList<>();

    /** Has added what waits for the wording; each adds its own once. */
    void sayIn(Wording wording) {
        // What is added may bring others that wait.
        while (!worded.isEmpty()) {
            worded.removeFirst().accept(wording);
        }
    }

    void inspect(Entry entry) {
        inspectors.forEach(inspector -> inspector.accept(entry));
    }

    /** What a server with these declares, with what extensions have declared. */
    ServerCapabilities capabilities(boolean tools, boolean prompts, boolean resources, boolean completions) {
        ServerCapabilities.Builder capabilities = ServerCapabilities.builder().logging();
        declared.forEach(capabilities::extension);
        if (tools) {
            capabilities.tools(ToolsCapability.of().withListChanged());
        }
        if (prompts) {
            capabilities.prompts(PromptsCapability.of().withListChanged());
        }
        if (resources) {
            capabilities.resources(ResourcesCapability.of().withSubscribe().withListChanged());
        }
        if (completions) {
            capabilities.completions();
        }
        return capabilities.build();
    }

    /** One of the companions may keep tasks, which were part of the protocol for clients of 2025-11-25. */
    @Nullable
    LegacyTasks legacyTasks() {
        return companions.stream()
                .filter(LegacyTasks.class::isInstance)
                .map(LegacyTasks.class::cast)
                .findFirst()
                .orElse(null);
    }
}
