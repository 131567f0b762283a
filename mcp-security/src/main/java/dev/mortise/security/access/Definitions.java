package dev.mortise.security.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.internal.json.CanonicalJson;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Digests of definitions: what was granted for one does not count for another of the same name, because whoever granted
 * it has read a different description. A resource that a template gives is pinned by the template. Thread-safe.
 */
final class Definitions {
    /** Of what has no definition to pin. */
    static final String NONE = "-";

    /**
     * Icons and the metadata of extensions say nothing of what it does; size and annotations of a resource (such as when
     * it was last changed) follow its content, which is not what was approved.
     */
    private static final List<String> UNPINNED = List.of("icons", "_meta");

    private static final List<String> UNPINNED_OF_RESOURCES = List.of("icons", "_meta", "size", "annotations");

    // By identity: an entry is immutable, and a new definition is a new entry.
    private final Cache<Entry, String> digests =
            Caffeine.newBuilder().weakKeys().maximumSize(10_000).build();
    private volatile @Nullable RunningServer server;

    void of(RunningServer running) {
        server = running;
    }

    /** The server whose definitions these are; {@code null} until it is built. */
    @Nullable
    RunningServer server() {
        return server;
    }

    String pin(Caller caller, Target target) {
        return pin(caller, target.kind(), target.name());
    }

    String pin(Caller caller, Target.Kind kind, String name) {
        RunningServer running = server;
        if (running == null) {
            return NONE;
        }
        Optional<? extends Entry> entry = running.entry(caller, kind, name);
        return entry.isEmpty() ? NONE : digests.get(entry.get(), Definitions::digest);
    }

    private static String digest(Entry entry) {
        return switch (entry) {
            case Tool tool -> digest(tool.definition(), UNPINNED);
            case Prompt prompt -> digest(prompt.definition(), UNPINNED);
            case Resource resource -> digest(resource.definition(), UNPINNED_OF_RESOURCES);
            case ResourceTemplate template -> digest(template.definition(), UNPINNED_OF_RESOURCES);
        };
    }

    private static String digest(Object definition, List<String> without) {
        ObjectNode pinned = (ObjectNode) Json.tree(definition);
        pinned.remove(without);
        return CanonicalJson.digest(pinned);
    }
}
