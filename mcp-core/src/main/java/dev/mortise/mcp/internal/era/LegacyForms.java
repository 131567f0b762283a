package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Forms as revision 2025-06-18 has them, and back. A choice with titles has these in a list of their own there
 * ({@code enumNames}); there is no choice of several, so each option becomes a yes or no.
 */
final class LegacyForms {
    private LegacyForms() {}

    /** The form in the words of 2025-06-18. */
    static ObjectNode older(ObjectNode form) {
        ObjectNode older = form.deepCopy();
        ObjectNode fields = older.putObject("properties");
        List<String> required = new ArrayList<>();
        older.path("required").forEach(name -> required.add(name.stringValue()));
        for (Map.Entry<String, JsonNode> field : form.path("properties").properties()) {
            ObjectNode schema = (ObjectNode) field.getValue().deepCopy();
            if (schema.path("type").asString("").equals("array")) {
                required.remove(field.getKey());
                options(schema.path("items"))
                        .forEach((value, title) ->
                                fields.set(field.getKey() + "." + value, option(schema, value, title)));
            } else if (schema.has("oneOf")) {
                fields.set(field.getKey(), titled(schema));
            } else {
                fields.set(field.getKey(), schema);
            }
        }
        older.remove("required");
        if (!required.isEmpty()) {
            required.forEach(older.putArray("required")::add);
        }
        return older;
    }

    /** What was filled in, as the form itself wants it. */
    static JsonNode newer(ObjectNode form, JsonNode content) {
        if (!(content instanceof ObjectNode filledIn)) {
            return content;
        }
        ObjectNode newer = filledIn.deepCopy();
        for (Map.Entry<String, JsonNode> field : form.path("properties").properties()) {
            if (field.getValue().path("type").asString("").equals("array")) {
                ArrayNode chosen = Json.mapper().createArrayNode();
                options(field.getValue().path("items")).keySet().forEach(value -> {
                    JsonNode choice = newer.remove(field.getKey() + "." + value);
                    if (choice != null && choice.asBoolean(false)) {
                        chosen.add(value);
                    }
                });
                if (!newer.has(field.getKey())) {
                    newer.set(field.getKey(), chosen);
                }
            }
        }
        return newer;
    }

    private static ObjectNode titled(ObjectNode choice) {
        Map<String, String> options = options(choice);
        choice.remove("oneOf");
        options.keySet().forEach(choice.putArray("enum")::add);
        options.values().forEach(choice.putArray("enumNames")::add);
        return choice;
    }

    private static ObjectNode option(ObjectNode choices, String value, String title) {
        ObjectNode option = Json.object().put("type", "boolean");
        String label = choices.path("title").asString("");
        option.put("title", label.isEmpty() ? title : label + ": " + title);
        if (choices.has("description")) {
            option.set("description", choices.path("description"));
        }
        choices.path("default").forEach(chosen -> {
            if (chosen.asString("").equals(value)) {
                option.put("default", true);
            }
        });
        return option;
    }

    /** What can be chosen, and what the user reads for it. */
    private static Map<String, String> options(JsonNode choice) {
        Map<String, String> options = new LinkedHashMap<>();
        choice.path("enum").forEach(value -> options.put(value.asString(""), value.asString("")));
        for (String union : List.of("oneOf", "anyOf")) {
            choice.path(union).forEach(option -> {
                String value = option.path("const").asString("");
                options.put(value, option.path("title").asString(value));
            });
        }
        return options;
    }
}
