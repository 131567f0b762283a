package dev.mortise.mcp.json;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds every default value of a generated schema to the schema it stands in. */
final class DefaultValues {
    private DefaultValues() {}

    static void check(JsonNode schema, Type type) {
        visit(schema, schema.path("$defs"), type);
    }

    private static void visit(JsonNode schema, JsonNode definitions, Type type) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = property.getValue().path("default");
            if (!value.isMissingNode()) {
                ObjectNode alone = (ObjectNode) property.getValue().deepCopy();
                if (definitions.isObject()) {
                    alone.set("$defs", definitions);
                }
                List<Violation> violations = CompiledSchema.of(alone, true).validate(value);
                if (!violations.isEmpty()) {
                    throw new InvalidSchema("The default value of '" + property.getKey() + "' in the schema of "
                            + type.getTypeName() + " " + violations.getFirst());
                }
            }
        }
        for (JsonNode child : schema) {
            visit(child, definitions, type);
        }
    }
}
