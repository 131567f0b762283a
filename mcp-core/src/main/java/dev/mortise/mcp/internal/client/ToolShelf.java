package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.http.MirroredHeaders;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.InvalidSchema;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.json.Violation;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ToolDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The tools that the server has listed, and what follows from their definitions for a call: the headers that repeat its
 * arguments, and the schema that its result has to fit. Thread-safe.
 */
final class ToolShelf {
    private static final Logger LOG = LoggerFactory.getLogger(ToolShelf.class);

    /** More than anybody lists; a server that makes up names for ever gets no further. */
    private static final int MOST = 100_000;

    private record Known(ToolDefinition tool, MirroredHeaders headers, Optional<JsonSchema> output) {}

    private final boolean mirrors;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, String> rejected = new ConcurrentHashMap<>();
    private final Set<String> onlyAsTask = ConcurrentHashMap.newKeySet();

    /** @param mirrors whether the transport has headers, and so rules for them */
    ToolShelf(boolean mirrors) {
        this.mirrors = mirrors;
    }

    /** Whether a tool can be called as a task only (2025-11-25, tasks: Tool-Level Negotiation). */
    boolean isOnlyTask(String tool) {
        return onlyAsTask.contains(tool);
    }

    /** Takes in what the definitions of a page say beyond what this revision knows of. */
    void shelveExecution(JsonNode page) {
        for (JsonNode tool : page) {
            String name = tool.path("name").asString("");
            if (!tool.at("/execution/taskSupport").asString("").equals("required")) {
                onlyAsTask.remove(name);
            } else if (onlyAsTask.size() < MOST) {
                onlyAsTask.add(name);
            }
        }
    }

    /** Takes a page of definitions in, and gives those back that may be used. */
    List<ToolDefinition> shelve(List<ToolDefinition> page) {
        return page.stream().filter(this::shelve).toList();
    }

    private boolean shelve(ToolDefinition tool) {
        Known before = known.get(tool.name());
        if (before != null && before.tool().equals(tool)) {
            return true;
        }
        if (known.size() + rejected.size() >= MOST) {
            throw new ProtocolViolationException("The server lists more than " + MOST + " tools");
        }
        try {
            MirroredHeaders headers = MirroredHeaders.of(mirrors ? tool.inputSchema() : Json.object());
            known.put(tool.name(), new Known(tool, headers, output(tool)));
            rejected.remove(tool.name());
            return true;
        } catch (InvalidSchema e) {
            LOG.warn("The tool {} is left out: {}", Excerpt.of(tool.name(), 200), e.getMessage());
            known.remove(tool.name());
            rejected.put(tool.name(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** A schema that cannot be checked, because it points elsewhere for example, is no reason to do without the tool. */
    private static Optional<JsonSchema> output(ToolDefinition tool) {
        JsonNode schema = tool.outputSchema();
        if (schema == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonSchema.of(schema));
        } catch (InvalidSchema e) {
            LOG.warn(
                    "Results of the tool {} are not checked, because its output schema cannot be used: {}",
                    Excerpt.of(tool.name(), 200),
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The headers of a call.
     *
     * @throws ProtocolViolationException if the tool's definition was rejected
     */
    Map<String, String> headers(String tool, JsonNode arguments) {
        String reason = rejected.get(tool);
        if (reason != null) {
            throw new ProtocolViolationException("The tool " + Excerpt.of(tool, 200) + " cannot be called: " + reason);
        }
        Known definition = known.get(tool);
        return definition == null ? Map.of() : definition.headers().encode(arguments);
    }

    /**
     * Holds a result to what the tool has promised (specification, tools: Output Schema).
     *
     * @throws ProtocolViolationException if it breaks the promise
     */
    void check(String tool, CallToolResult result) {
        Known definition = known.get(tool);
        if (definition == null || definition.output().isEmpty() || result.isError()) {
            return;
        }
        JsonNode content = result.structuredContent();
        String problem = problem(definition.output().get(), content);
        if (problem != null) {
            throw new ProtocolViolationException("The result of the tool " + Excerpt.of(tool, 200)
                    + " breaks the tool's own output schema: " + problem);
        }
    }

    private static @Nullable String problem(JsonSchema schema, @Nullable JsonNode content) {
        if (content == null) {
            return "there is no structured content";
        }
        List<Violation> violations = schema.validate(content);
        return violations.isEmpty() ? null : Violation.describe(violations);
    }

    /** A whole listing had these names: other tools are gone, and what was promised of them. */
    void keepOnly(Set<String> names) {
        known.keySet().retainAll(names);
        rejected.keySet().retainAll(names);
        onlyAsTask.retainAll(names);
    }

    void clear() {
        known.clear();
        rejected.clear();
        onlyAsTask.clear();
    }
}
