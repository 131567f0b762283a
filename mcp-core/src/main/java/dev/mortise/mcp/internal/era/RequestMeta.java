package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.MetaKeys;
import dev.mortise.mcp.schema.ProgressToken;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The per-request protocol fields of the modern era (basic: _meta), read and checked. */
sealed interface RequestMeta {
    record Read(
            String version,
            @Nullable Implementation client,
            ClientCapabilities capabilities,
            @Nullable LoggingLevel logLevel,
            @Nullable ProgressToken progressToken,
            Meta meta)
            implements RequestMeta {}

    record Rejected(Refusal refusal) implements RequestMeta {}

    /** The version that a request names; {@code null} where it names none, and then {@link #of} says so. */
    static @Nullable String version(ObjectNode params) {
        JsonNode version = params.path("_meta").path(MetaKeys.PROTOCOL_VERSION);
        return version.isString() ? version.stringValue() : null;
    }

    static RequestMeta of(ObjectNode params) {
        JsonNode node = params.get("_meta");
        if (!(node instanceof ObjectNode fields)) {
            return malformed("params._meta is missing: every request carries " + MetaKeys.PROTOCOL_VERSION + " and "
                    + MetaKeys.CLIENT_CAPABILITIES + " in it; a client of an earlier revision begins with initialize");
        }
        JsonNode version = fields.get(MetaKeys.PROTOCOL_VERSION);
        if (version == null || !version.isString()) {
            return malformed("_meta needs " + MetaKeys.PROTOCOL_VERSION + ", a string");
        }
        JsonNode capabilities = fields.get(MetaKeys.CLIENT_CAPABILITIES);
        if (capabilities == null || !capabilities.isObject()) {
            return malformed("_meta needs " + MetaKeys.CLIENT_CAPABILITIES + ", an object");
        }
        return read(fields, version.stringValue(), capabilities);
    }

    private static RequestMeta read(ObjectNode fields, String version, JsonNode capabilities) {
        String key = MetaKeys.CLIENT_CAPABILITIES;
        try {
            ClientCapabilities declared = ClientCapabilities.from(capabilities);
            key = MetaKeys.CLIENT_INFO;
            Implementation client = optional(fields, key, Implementation::from);
            key = MetaKeys.LOG_LEVEL;
            LoggingLevel level = optional(fields, key, node -> Json.mapper().treeToValue(node, LoggingLevel.class));
            key = MetaKeys.PROGRESS_TOKEN;
            ProgressToken token = optional(fields, key, ProgressToken::read);
            return new Read(version, client, declared, level, token, Meta.from(fields));
        } catch (JacksonException | IllegalArgumentException e) {
            return malformed("_meta has a value at " + key + " that is not of its type");
        }
    }

    private static <T> @Nullable T optional(ObjectNode fields, String key, Function<JsonNode, T> reading) {
        JsonNode node = fields.get(key);
        return node == null || node.isNull() ? null : reading.apply(node);
    }

    private static Rejected malformed(String message) {
        return new Rejected(new Refusal.Malformed(message));
    }
}
