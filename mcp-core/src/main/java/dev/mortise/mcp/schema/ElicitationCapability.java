package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mortise.mcp.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ways in which a client can ask its user (specification, client: Elicitation). With neither member it means form
 * mode alone.
 */
@JsonInclude(NON_NULL)
public record ElicitationCapability(
        @Nullable ObjectNode form, @Nullable ObjectNode url) {
    static @Nullable ElicitationCapability from(@Nullable ObjectNode node) {
        return node == null
                ? null
                : new ElicitationCapability(Fields.optionalObject(node, "form"), Fields.optionalObject(node, "url"));
    }

    public static ElicitationCapability formOnly() {
        return new ElicitationCapability(Json.object(), null);
    }

    public static ElicitationCapability urlOnly() {
        return new ElicitationCapability(null, Json.object());
    }

    public static ElicitationCapability formAndUrl() {
        return new ElicitationCapability(Json.object(), Json.object());
    }
}
