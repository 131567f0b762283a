package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.mortise.mcp.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One field of a form: a restricted JSON Schema (specification, client: Elicitation, Requested Schema). There is no
 * single member that tells the kinds apart: {@code type} does, and for choices the member that lists them.
 */
public sealed interface PrimitiveSchemaDefinition
        permits StringSchema,
                NumberSchema,
                BooleanSchema,
                UntitledSingleSelectEnumSchema,
                TitledSingleSelectEnumSchema,
                UntitledMultiSelectEnumSchema,
                TitledMultiSelectEnumSchema,
                LegacyTitledEnumSchema {
    /** The JSON type of the answer. */
    String type();

    /** The label of the field. */
    @Nullable
    String title();

    @Nullable
    String description();

    /**
     * Reads a field from its JSON form.
     *
     * @throws IllegalArgumentException if it is none of the allowed kinds
     */
    @JsonCreator(mode = DELEGATING)
    static PrimitiveSchemaDefinition read(JsonNode node) {
        return Json.mapper().treeToValue(node, kind(node));
    }

    private static Class<? extends PrimitiveSchemaDefinition> kind(JsonNode node) {
        String type = node.path("type").asString("");
        return switch (type) {
            case "number", "integer" -> NumberSchema.class;
            case "boolean" -> BooleanSchema.class;
            case "array" ->
                node.path("items").has("anyOf")
                        ? TitledMultiSelectEnumSchema.class
                        : UntitledMultiSelectEnumSchema.class;
            case "string" -> {
                if (node.has("oneOf")) {
                    yield TitledSingleSelectEnumSchema.class;
                }
                if (node.has("enumNames")) {
                    yield LegacyTitledEnumSchema.class;
                }
                yield node.has("enum") ? UntitledSingleSelectEnumSchema.class : StringSchema.class;
            }
            default -> throw new IllegalArgumentException("a form has no field of type \"" + type + "\"");
        };
    }
}
