package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a legacy client has said about itself, once and for all that follows.
 *
 * @param version the negotiated revision, in its wire form
 * @param logLevel the least level of log messages that it wants
 * @param subscriptions the resources whose updates it wants
 */
public record SessionState(
        String version,
        @Nullable Implementation client,
        ClientCapabilities capabilities,
        LoggingLevel logLevel,
        Set<String> subscriptions,
        boolean initialized) {
    public SessionState {
        subscriptions = Set.copyOf(subscriptions);
    }

    public SessionState withLogLevel(LoggingLevel level) {
        return new SessionState(version, client, capabilities, level, subscriptions, initialized);
    }

    public SessionState withInitialized() {
        return new SessionState(version, client, capabilities, logLevel, subscriptions, true);
    }

    public SessionState withSubscriptions(Set<String> uris) {
        return new SessionState(version, client, capabilities, logLevel, uris, initialized);
    }

    byte[] toBytes() {
        ObjectNode node = Json.object();
        node.put("version", version);
        if (client != null) {
            node.set("client", Json.tree(client));
        }
        node.set("capabilities", Json.tree(capabilities));
        node.put("logLevel", logLevel.name());
        node.put("initialized", initialized);
        if (!subscriptions.isEmpty()) {
            subscriptions.forEach(node.putArray("subscriptions")::add);
        }
        return Json.write(node);
    }

    static SessionState of(byte[] bytes) {
        JsonNode node = Json.mapper().readTree(bytes);
        Set<String> uris = new LinkedHashSet<>();
        node.path("subscriptions").forEach(uri -> uris.add(uri.stringValue()));
        return new SessionState(
                node.path("version").stringValue(),
                node.has("client") ? Implementation.from(node.path("client")) : null,
                ClientCapabilities.from(node.path("capabilities")),
                LoggingLevel.valueOf(node.path("logLevel").stringValue().toUpperCase(Locale.ROOT)),
                uris,
                node.path("initialized").asBoolean(false));
    }
}
