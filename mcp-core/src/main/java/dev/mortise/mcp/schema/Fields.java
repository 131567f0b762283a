package dev.mortise.mcp.schema;

import dev.mortise.mcp.json.Json;
import java.util.AbstractMap;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the wire values share: checks, copies, and the reading of members of a tree. Every message names the field it is
 * about.
 */
final class Fields {
    private Fields() {}

    static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    static <T> List<T> requiredList(@Nullable List<T> list, String field) {
        return list(required(list, field), field);
    }

    /** An unmodifiable copy; an absent list is an empty one. */
    static <T> List<T> list(@Nullable List<T> list, String field) {
        if (list == null) {
            return List.of();
        }
        for (T item : list) {
            required(item, "an item of " + field);
        }
        return List.copyOf(list);
    }

    /** An unmodifiable copy in the same order; an absent map is an empty one. */
    static <T> Map<String, T> map(@Nullable Map<String, T> map, String field) {
        if (map == null || map.isEmpty()) {
            return Map.of();
        }
        Map<String, T> copy = new LinkedHashMap<>(map);
        copy.forEach((key, value) -> {
            if (value == null) {
                throw new IllegalArgumentException(field + "." + key + " is missing");
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    /** Wire values as the trees they are written as. */
    static Map<String, JsonNode> trees(Map<String, ?> values) {
        Map<String, JsonNode> trees = LinkedHashMap.newLinkedHashMap(values.size());
        values.forEach((key, value) -> trees.put(key, Json.tree(value)));
        return trees;
    }

    /** A string member of a tree; {@code null} where it is absent. */
    static @Nullable String text(ObjectNode node, String field) {
        JsonNode member = node.get(field);
        if (member == null || member.isNull()) {
            return null;
        }
        if (!member.isString()) {
            throw new IllegalArgumentException(field + " must be a string");
        }
        return member.stringValue();
    }

    /** An object member of a tree, the very node; a new empty object where it is absent. */
    static ObjectNode objectOrEmpty(ObjectNode node, String field) {
        JsonNode member = node.get(field);
        return member == null || member.isNull() ? Json.object() : object(member, field);
    }

    /** An object member of a tree, the very node; {@code null} where it is absent. */
    static @Nullable ObjectNode optionalObject(ObjectNode node, String field) {
        JsonNode member = node.get(field);
        return member == null || member.isNull() ? null : object(member, field);
    }

    /** The members of an object in their order, as a view for {@link #map} to copy; none where it is absent. */
    static Map<String, JsonNode> members(@Nullable JsonNode member, String field) {
        if (member == null || member.isNull()) {
            return Map.of();
        }
        ObjectNode object = object(member, field);
        return new AbstractMap<>() {
            @Override
            public Set<Map.Entry<String, JsonNode>> entrySet() {
                return object.properties();
            }
        };
    }

    /** The members of an object whose members are all objects; none where it is absent. */
    static Map<String, ObjectNode> objects(@Nullable JsonNode member, String field) {
        if (member == null || member.isNull()) {
            return Map.of();
        }
        Map<String, ObjectNode> objects = new LinkedHashMap<>();
        members(member, field).forEach((key, value) -> objects.put(key, object(value, field + "." + key)));
        return objects;
    }

    static ObjectNode object(@Nullable JsonNode node, String field) {
        if (required(node, field) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(field + " must be an object");
    }

    static double finite(double value, String field) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(field + " must be a finite number");
        }
        return value;
    }

    static @Nullable Double optionalFinite(@Nullable Double value, String field) {
        return value == null ? null : finite(value, field);
    }

    static @Nullable Double fraction(@Nullable Double value, String field) {
        if (value != null && !(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(field + " must be between 0 and 1");
        }
        return value;
    }

    static long notNegative(long value, String field) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " must not be negative");
        }
        return value;
    }

    static @Nullable Long optionalSize(@Nullable Long value, String field) {
        return value == null ? null : notNegative(value, field);
    }

    static @Nullable Integer optionalCount(@Nullable Integer value, String field) {
        if (value != null) {
            notNegative(value, field);
        }
        return value;
    }

    static byte[] decodeBase64(String text, String field) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + " is not Base64", e);
        }
    }

    static String encodeBase64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
