package dev.mortise.security.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.internal.json.CanonicalJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Digests of the definitions of tools: what was granted for one does not count for another of the same name, because
 * whoever granted it has read a different description. Resources and prompts are not pinned. Thread-safe.
 */
final class Definitions {
    /** Of what has no definition to pin. */
    static final String NONE = "-";

    // By identity: a tool is immutable, and a new definition is a new tool.
    private final Cache<Tool, String> digests =
            Caffeine.newBuilder().weakKeys().maximumSize(10_000).build();
    private volatile @Nullable RunningServer server;

    void of(RunningServer running) {
        server = running;
    }

    String pin(Caller caller, Target target) {
        return pin(caller, target.kind(), target.name());
    }

    String pin(Caller caller, Target.Kind kind, String name) {
        RunningServer running = server;
        if (kind != Target.Kind.TOOL || running == null) {
            return NONE;
        }
        Optional<Tool> tool = running.tool(caller, name);
        return tool.isEmpty() ? NONE : digests.get(tool.get(), Definitions::digest);
    }

    private static String digest(Tool tool) {
        ObjectNode definition = (ObjectNode) Json.tree(tool.definition());
        // Icons and the metadata of extensions say nothing of what it does.
        definition.remove("icons");
        definition.remove("_meta");
        return CanonicalJson.digest(definition);
    }
}
