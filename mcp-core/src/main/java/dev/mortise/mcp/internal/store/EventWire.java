package dev.mortise.mcp.internal.store;

import dev.mortise.mcp.server.ServerEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change as replicas tell it to each other, in two fields. Replicas of two versions may run side by side: a kind
 * that one does not know is no event to it.
 *
 * @param kind {@code tools}, {@code prompts}, {@code resources}, {@code resource} or {@code missed}
 * @param uri of a {@code resource}, otherwise {@code null}
 */
public record EventWire(String kind, @Nullable String uri) {
    public static EventWire of(ServerEvent event) {
        return switch (event) {
            case ServerEvent.ToolsChanged e -> new EventWire("tools", null);
            case ServerEvent.PromptsChanged e -> new EventWire("prompts", null);
            case ServerEvent.ResourcesChanged e -> new EventWire("resources", null);
            case ServerEvent.ResourceUpdated e -> new EventWire("resource", e.uri());
            case ServerEvent.Missed e -> new EventWire("missed", null);
        };
    }

    public Optional<ServerEvent> event() {
        return switch (kind) {
            case "tools" -> Optional.of(new ServerEvent.ToolsChanged());
            case "prompts" -> Optional.of(new ServerEvent.PromptsChanged());
            case "resources" -> Optional.of(new ServerEvent.ResourcesChanged());
            case "resource" -> Optional.ofNullable(uri).map(ServerEvent.ResourceUpdated::new);
            case "missed" -> Optional.of(new ServerEvent.Missed());
            default -> Optional.empty();
        };
    }
}
