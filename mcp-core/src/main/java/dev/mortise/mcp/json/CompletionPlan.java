package dev.mortise.mcp.json;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lays the plan of a {@link Completion}. A schema that refers to itself becomes a plan that refers to itself. */
final class CompletionPlan {
    private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();
    private static final JsonNode NULL_TYPE = JsonNodeFactory.instance.stringNode("null");

    private final JsonNode root;
    private final IdentityHashMap<JsonNode, Completion> laid = new IdentityHashMap<>();

    CompletionPlan(JsonNode root) {
        this.root = root;
    }

    Completion completion(JsonNode schema) {
        JsonNode target = target(schema);
        Completion known = laid.get(target);
        if (known != null) {
            return known;
        }
        Completion completion = new Completion();
        laid.put(target, completion);
        Set<String> required = new HashSet<>();
        target.path("required").forEach(name -> required.add(name.asString("")));
        for (Map.Entry<String, JsonNode> entry : target.path("properties").properties()) {
            JsonNode property = entry.getValue();
            JsonNode whenAbsent = property.get("default");
            boolean optional = whenAbsent != null || !required.contains(entry.getKey());
            completion.add(entry.getKey(), whenAbsent, optional && !allowsNull(property, 0), inside(property));
        }
        completion.addOthers(inside(target.path("items")), inside(target.path("additionalProperties")));
        return completion;
    }

    private @Nullable Completion inside(JsonNode schema) {
        JsonNode target = target(schema);
        boolean structured = target.has("properties")
                || target.path("items").isObject()
                || target.path("additionalProperties").isObject();
        return structured ? completion(target) : null;
    }

    /** Follows local pointers, a bounded number: two references may point at each other. */
    private JsonNode target(JsonNode schema) {
        JsonNode target = schema;
        for (int i = 0; i < SchemaBounds.MAX_DEPTH && target.has("$ref"); i++) {
            target = pointedAt(target.path("$ref").asString(""));
        }
        return target;
    }

    private JsonNode pointedAt(String reference) {
        if (reference.equals("#")) {
            return root;
        }
        return reference.startsWith("#/") ? root.at(JsonPointer.compile(reference.substring(1))) : root.path("");
    }

    private boolean allowsNull(JsonNode schema, int depth) {
        JsonNode target = target(schema);
        if (depth > SchemaBounds.MAX_DEPTH || target.isMissingNode()) {
            return true;
        }
        JsonNode choices = target.has("anyOf") ? target.path("anyOf") : target.path("oneOf");
        if (choices.isArray()) {
            for (JsonNode choice : choices) {
                if (allowsNull(choice, depth + 1)) {
                    return true;
                }
            }
            return false;
        }
        if (target.has("enum")) {
            return contains(target.path("enum"), NULL);
        }
        if (target.has("const")) {
            return target.path("const").isNull();
        }
        JsonNode type = target.path("type");
        return type.isMissingNode() || type.equals(NULL_TYPE) || contains(type, NULL_TYPE);
    }

    private static boolean contains(JsonNode array, JsonNode wanted) {
        for (JsonNode element : array) {
            if (element.equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
