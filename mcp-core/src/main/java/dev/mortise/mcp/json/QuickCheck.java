package dev.mortise.mcp.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Recognises most valid values without the validator library, which costs more than all the rest of binding a small
 * record. It says yes only to what certainly is valid: a schema with any keyword that it does not know has none, and
 * about a value that it does not accept the library decides, and finds the words. Immutable.
 */
final class QuickCheck {
    /** Keywords that say nothing about whether a value is valid. */
    private static final Set<String> REMARKS =
            Set.of("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment");

    private static final int MAX_DEPTH = 8;

    private final String type;
    private final List<Property> properties;
    private final int required;
    private final @Nullable QuickCheck items;
    private final Set<String> choices;

    /** A property in the order of the schema. */
    private record Property(String name, boolean required, QuickCheck check) {}

    private QuickCheck(String type, List<Property> properties, @Nullable QuickCheck items, Set<String> choices) {
        this.type = type;
        this.properties = properties;
        this.items = items;
        this.choices = choices;
        this.required = (int) properties.stream().filter(Property::required).count();
    }

    /** The check for a schema of dialect 2020-12, or {@code null} where only the library knows. */
    static @Nullable QuickCheck of(JsonNode schema) {
        return of(schema, 0);
    }

    private static @Nullable QuickCheck of(@Nullable JsonNode schema, int depth) {
        if (schema == null || !schema.isObject() || depth > MAX_DEPTH) {
            return null;
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> object(schema, depth);
            case "array" -> {
                QuickCheck items = of(schema.get("items"), depth + 1);
                yield items != null && hasOnly(schema, Set.of("type", "items"))
                        ? new QuickCheck("array", List.of(), items, Set.of())
                        : null;
            }
            case "string" -> text(schema);
            case "integer", "number", "boolean" ->
                hasOnly(schema, Set.of("type"))
                        ? new QuickCheck(schema.get("type").stringValue(), List.of(), null, Set.of())
                        : null;
            default -> null;
        };
    }

    private static @Nullable QuickCheck text(JsonNode schema) {
        Set<String> choices = new HashSet<>();
        for (JsonNode choice : schema.path("enum")) {
            if (choice.isString()) {
                choices.add(choice.stringValue());
            }
        }
        // A choice that is no text cannot be made; with no choice left, nothing would be valid.
        return hasOnly(schema, Set.of("type", "enum")) && schema.has("enum") == !choices.isEmpty()
                ? new QuickCheck("string", List.of(), null, Set.copyOf(choices))
                : null;
    }

    private static @Nullable QuickCheck object(JsonNode schema, int depth) {
        JsonNode additional = schema.path("additionalProperties");
        if (!hasOnly(schema, Set.of("type", "properties", "required", "additionalProperties"))
                || !additional.isBoolean()
                || additional.booleanValue()) {
            return null;
        }
        List<String> required = new ArrayList<>();
        for (JsonNode name : schema.path("required")) {
            required.add(name.asString(""));
        }
        List<Property> properties = new ArrayList<>();
        for (var property : schema.path("properties").properties()) {
            QuickCheck check = of(property.getValue(), depth + 1);
            if (check == null) {
                return null;
            }
            properties.add(new Property(property.getKey(), required.remove(property.getKey()), check));
        }
        // What is required and not described cannot be there at all.
        return required.isEmpty() ? new QuickCheck("object", List.copyOf(properties), null, Set.of()) : null;
    }

    private static boolean hasOnly(JsonNode schema, Set<String> keywords) {
        return schema.propertyNames().stream().allMatch(name -> keywords.contains(name) || REMARKS.contains(name));
    }

    /** Whether the value is certainly valid; {@code false} says nothing. */
    boolean accepts(JsonNode value) {
        return switch (type) {
            case "string" -> value.isString() && (choices.isEmpty() || choices.contains(value.stringValue()));
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray() && acceptsAll(value);
            default -> value.isObject() && acceptsMembers(value);
        };
    }

    private boolean acceptsAll(JsonNode array) {
        for (JsonNode item : array) {
            if (items == null || !items.accepts(item)) {
                return false;
            }
        }
        return true;
    }

    private boolean acceptsMembers(JsonNode object) {
        int found = 0;
        int foundRequired = 0;
        for (int i = 0; i < properties.size(); i++) {
            Property property = properties.get(i);
            JsonNode member = object.get(property.name());
            if (member != null) {
                if (!property.check().accepts(member)) {
                    return false;
                }
                found++;
                foundRequired += property.required() ? 1 : 0;
            }
        }
        return found == object.size() && foundRequired == required;
    }
}
