package dev.mortise.rag.store.postgres;

import dev.mortise.mcp.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Text of any characters as PostgreSQL can hold it, which has none with a NUL. NUL becomes U+0001 U+0001, and U+0001
 * becomes U+0001 U+0002: nothing is lost, and the order stays.
 */
final class StorableText {
    private StorableText() {}

    static String of(String text) {
        if (text.indexOf('\0') < 0 && text.indexOf('\1') < 0) {
            return text;
        }
        return text.replace("\1", "\1\2").replace("\0", "\1\1");
    }

    static String read(String stored) {
        if (stored.indexOf('\1') < 0) {
            return stored;
        }
        return stored.replace("\1\1", "\0").replace("\1\2", "\1");
    }

    /** An object of strings, as JSON. */
    static String of(Map<String, String> values) {
        ObjectNode object = Json.object();
        new TreeMap<>(values).forEach((name, value) -> object.put(of(name), of(value)));
        return object.toString();
    }

    static Map<String, String> readMap(String stored) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : Json.parse(stored).properties()) {
            values.put(read(member.getKey()), read(member.getValue().asString()));
        }
        return values;
    }

    /** An array of strings, as JSON. */
    static String of(List<String> values) {
        ArrayNode array = Json.mapper().createArrayNode();
        values.forEach(value -> array.add(of(value)));
        return array.toString();
    }

    static List<String> readList(String stored) {
        return Json.parse(stored)
                .valueStream()
                .map(value -> read(value.asString()))
                .toList();
    }
}
