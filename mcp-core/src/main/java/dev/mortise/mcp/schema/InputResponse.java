package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.mortise.mcp.json.Json;
import tools.jackson.databind.JsonNode;

/** The client's answer to an {@link InputRequest}; which one it is shows in its members. */
public sealed interface InputResponse permits ElicitResult, CreateMessageResult, ListRootsResult {
    /**
     * Reads an answer from its JSON form. It goes by the one member that only this kind has and must have: clients of
     * older revisions may attach a {@code _meta} to any of them.
     *
     * @throws IllegalArgumentException if it is none of the three
     */
    @JsonCreator(mode = DELEGATING)
    static InputResponse read(JsonNode node) {
        if (node.has("action")) {
            return Json.mapper().treeToValue(node, ElicitResult.class);
        }
        if (node.has("model")) {
            return Json.mapper().treeToValue(node, CreateMessageResult.class);
        }
        if (node.has("roots")) {
            return Json.mapper().treeToValue(node, ListRootsResult.class);
        }
        throw new IllegalArgumentException("an input response has an action, a model, or roots");
    }
}
