package dev.mortise.mcp.internal.client;

import com.fasterxml.jackson.annotation.Nulls;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads results as a client must: what a later revision added is passed over, be it a member, the value of an
 * enumeration, or a kind of content. What this revision demands must be there all the same.
 */
public final class Lenient {
    private static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .disable(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.SKIP))
            .build();

    private Lenient() {}

    /** @throws ProtocolViolationException if the result is not of the type */
    public static <T> T read(String method, JsonNode result, Class<T> type) {
        try {
            T value = MAPPER.treeToValue(result, type);
            if (value == null) {
                throw new ProtocolViolationException(method + " was answered with null");
            }
            return value;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ProtocolViolationException(
                    method + " was answered with what is no " + type.getSimpleName() + ": "
                            + Excerpt.of(String.valueOf(e.getMessage()), 300),
                    e);
        }
    }
}
