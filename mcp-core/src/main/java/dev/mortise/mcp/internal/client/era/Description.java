package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.client.ServerDescription;
import dev.mortise.mcp.internal.client.Lenient;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.MetaKeys;
import dev.mortise.mcp.schema.ServerCapabilities;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a server says about itself. Its name is for display only, so a broken one does no harm. */
final class Description {
    private static final Logger LOG = LoggerFactory.getLogger(Description.class);

    private Description() {}

    static ServerDescription ofDiscovered(ProtocolVersion version, JsonNode result) {
        JsonNode named = result.path("_meta").path(MetaKeys.SERVER_INFO);
        return of("server/discover", version, result, named.isObject() ? named : result.path("serverInfo"));
    }

    static ServerDescription ofInitialized(ProtocolVersion version, JsonNode result) {
        return of("initialize", version, result, result.path("serverInfo"));
    }

    private static ServerDescription of(String method, ProtocolVersion version, JsonNode result, JsonNode info) {
        JsonNode declared = result.path("capabilities");
        ServerCapabilities capabilities =
                Lenient.read(method, declared.isObject() ? declared : Json.object(), ServerCapabilities.class);
        JsonNode instructions = result.path("instructions");
        return new ServerDescription(
                version, capabilities, name(info), instructions.isString() ? instructions.stringValue() : null);
    }

    private static @Nullable Implementation name(JsonNode info) {
        if (!(info instanceof ObjectNode object) || !object.path("name").isString()) {
            return null;
        }
        ObjectNode complete = object.deepCopy();
        if (!complete.path("version").isString()) {
            complete.put("version", "");
        }
        try {
            return Implementation.from(complete);
        } catch (IllegalArgumentException | JacksonException e) {
            LOG.debug("The server's description of itself is not as specified", e);
            return Implementation.of(
                    object.path("name").stringValue(), complete.path("version").stringValue());
        }
    }
}
