package dev.mortise.mcp.internal.store;

import dev.mortise.mcp.server.ServerEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change as replicas tell it to each other, in three fields. Replicas of two versions may run side by side: a kind
 * that one does not know is no event to it.
 *
 * @param kind {@code tools}, {@code prompts}, {@code resources}, {@code resource}, {@code topic} or {@code missed}
 * @param topic of a {@code topic}; the tenant of what only one is told, whose kind says so in front; otherwise
 *     {@code null}
 * @param key the URI of a {@code resource}, or the key of a {@code topic}, otherwise {@code null}
 */
public record EventWire(
        String kind, @Nullable String topic, @Nullable String key) {
    private static final String FOR_TENANT = "tenant-";

    public static EventWire of(ServerEvent event) {
        return switch (event) {
            case ServerEvent.ToolsChanged e -> new EventWire("tools", null, null);
            case ServerEvent.PromptsChanged e -> new EventWire("prompts", null, null);
            case ServerEvent.ResourcesChanged e -> new EventWire("resources", null, null);
            case ServerEvent.ResourceUpdated e -> new EventWire("resource", null, e.uri());
            case ServerEvent.TopicChanged e -> new EventWire("topic", e.topic(), e.key());
            case ServerEvent.PageCompleted e -> new EventWire("page", null, e.page());
            case ServerEvent.Missed e -> new EventWire("missed", null, null);
            case ServerEvent.ForTenant e -> {
                EventWire inner = of(e.event());
                yield new EventWire(FOR_TENANT + inner.kind(), e.tenant(), inner.key());
            }
        };
    }

    public Optional<ServerEvent> event() {
        return switch (kind) {
            case "tools" -> Optional.of(new ServerEvent.ToolsChanged());
            case "prompts" -> Optional.of(new ServerEvent.PromptsChanged());
            case "resources" -> Optional.of(new ServerEvent.ResourcesChanged());
            case "resource" -> Optional.ofNullable(key).map(ServerEvent.ResourceUpdated::new);
            case "topic" ->
                topic == null || key == null ? Optional.empty() : Optional.of(new ServerEvent.TopicChanged(topic, key));
            case "page" -> Optional.ofNullable(key).map(ServerEvent.PageCompleted::new);
            case "missed" -> Optional.of(new ServerEvent.Missed());
            case FOR_TENANT + "tools", FOR_TENANT + "prompts", FOR_TENANT + "resources", FOR_TENANT + "resource" ->
                new EventWire(kind.substring(FOR_TENANT.length()), null, key)
                        .event()
                        .map(event -> new ServerEvent.ForTenant(topic, event));
            default -> Optional.empty();
        };
    }
}
