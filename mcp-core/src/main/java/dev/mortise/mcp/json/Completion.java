package dev.mortise.mcp.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The defaults that a schema states and the nulls that it does not allow, as a plan that is laid once. A value with
 * nothing to complete is returned as it is; a value that needs something is copied along the way to it.
 */
@SuppressWarnings("ReferenceEquality") // the same node means: nothing was changed
final class Completion {
    private final Map<String, Property> properties = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private @Nullable Completion items;
    private @Nullable Completion others;

    Completion() {}

    static Completion of(JsonNode schema) {
        return new CompletionPlan(schema).completion(schema);
    }

    /** Adds a property: its default, whether {@code null} means absent, and what is inside it. */
    void add(String name, @Nullable JsonNode whenAbsent, boolean dropNull, @Nullable Completion inside) {
        known.add(name);
        if (whenAbsent != null || dropNull || inside != null) {
            properties.put(name, new Property(whenAbsent, dropNull, inside));
        }
    }

    /** Says what is inside of the items of an array, and of the properties without a name of their own. */
    void addOthers(@Nullable Completion itemsOfArray, @Nullable Completion otherProperties) {
        items = itemsOfArray;
        others = otherProperties;
    }

    JsonNode complete(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return completeObject(object);
        }
        return value instanceof ArrayNode array && items != null ? completeArray(array, items) : value;
    }

    private JsonNode completeObject(ObjectNode object) {
        Edit edit = new Edit(object);
        for (Map.Entry<String, Property> entry : properties.entrySet()) {
            String name = entry.getKey();
            JsonNode before = object.get(name);
            JsonNode after = entry.getValue().complete(before);
            if (after == null && before != null) {
                edit.remove(name);
            } else if (after != null && after != before) {
                edit.set(name, after);
            }
        }
        if (others != null) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode after = others.complete(member.getValue());
                if (!known.contains(member.getKey()) && after != member.getValue()) {
                    edit.set(member.getKey(), after);
                }
            }
        }
        return edit.result();
    }

    private static JsonNode completeArray(ArrayNode array, Completion items) {
        ArrayNode changed = null;
        for (int i = 0; i < array.size(); i++) {
            JsonNode item = array.get(i);
            JsonNode complete = items.complete(item);
            if (complete != item) {
                if (changed == null) {
                    changed = JsonNodeFactory.instance.arrayNode(array.size()).addAll(array);
                }
                changed.set(i, complete);
            }
        }
        return changed == null ? array : changed;
    }

    private record Property(
            @Nullable JsonNode whenAbsent,
            boolean dropNull,
            @Nullable Completion inside) {
        @Nullable
        JsonNode complete(@Nullable JsonNode value) {
            boolean absent = value == null || (value.isNull() && dropNull);
            JsonNode found = absent && whenAbsent != null ? whenAbsent.deepCopy() : absent ? null : value;
            return found == null || inside == null ? found : inside.complete(found);
        }
    }

    /** An object that is copied, one level deep, when it is first changed. */
    private static final class Edit {
        private final ObjectNode given;
        private @Nullable ObjectNode changed;

        Edit(ObjectNode given) {
            this.given = given;
        }

        void set(String name, JsonNode value) {
            copy().set(name, value);
        }

        void remove(String name) {
            copy().remove(name);
        }

        ObjectNode result() {
            return changed == null ? given : changed;
        }

        private ObjectNode copy() {
            if (changed == null) {
                changed = Json.object().setAll(given);
            }
            return changed;
        }
    }
}
