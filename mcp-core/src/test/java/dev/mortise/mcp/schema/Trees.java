package dev.mortise.mcp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import tools.jackson.databind.JsonNode;

/** Wire values as trees, through the very bytes that would travel. */
final class Trees {
    private Trees() {}

    static <T> T decode(JsonNode tree, Class<T> type) {
        return Json.mapper().treeToValue(tree, type);
    }

    static <T> T decode(String json, Class<T> type) {
        return decode(Json.parse(json), type);
    }

    static JsonNode encode(Object value) {
        try {
            return Json.read(Json.write(value));
        } catch (Json.InvalidJson e) {
            throw new AssertionError(e);
        }
    }

    /** Equal but for the notation of numbers: JSON does not tell 1 from 1.0. */
    static void assertSame(JsonNode actual, JsonNode expected) {
        assertThat(actual.equals(Trees::compare, expected))
                .as("written: %s%nexpected: %s", actual, expected)
                .isTrue();
    }

    static void assertSame(Object value, String json) {
        assertSame(encode(value), Json.parse(json));
    }

    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }
}
