package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.HandlerFailedException;
import dev.mortise.mcp.json.InvalidSchema;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.json.Violation;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.schema.ElicitResult;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a user filled in, with the form's defaults for what was left out, held to the form. */
final class FilledForm {
    private FilledForm() {}

    /**
     * @param schema the form as it came, with whatever it says beyond what this library knows
     * @throws HandlerFailedException if the content does not fit the form
     * @throws IllegalArgumentException if the form is none
     */
    static ElicitResult of(JsonNode schema, ElicitResult answer) {
        if (answer.action() != ElicitAction.ACCEPT) {
            return new ElicitResult(answer.action(), null);
        }
        ObjectNode content =
                answer.content() == null ? Json.object() : answer.content().deepCopy();
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            JsonNode value = field.getValue().get("default");
            if (value != null && !content.has(field.getKey())) {
                content.set(field.getKey(), value);
            }
        }
        List<Violation> violations;
        try {
            violations = JsonSchema.of(schema).validate(content);
        } catch (InvalidSchema e) {
            throw new IllegalArgumentException(e);
        }
        if (!violations.isEmpty()) {
            throw new HandlerFailedException(
                    "The elicitation handler's content does not fit the form: " + Violation.describe(violations), null);
        }
        return ElicitResult.accept(content);
    }
}
