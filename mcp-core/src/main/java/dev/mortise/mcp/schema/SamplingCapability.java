package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mortise.mcp.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client can do when it is asked to sample a model (specification, client: Sampling). Deprecated with sampling
 * itself.
 *
 * @param context present if {@code includeContext} may ask for more than {@code none}
 * @param tools present if requests may carry {@code tools} and {@code toolChoice}
 */
@JsonInclude(NON_NULL)
public record SamplingCapability(
        @Nullable ObjectNode context, @Nullable ObjectNode tools) {
    static @Nullable SamplingCapability from(@Nullable ObjectNode node) {
        return node == null
                ? null
                : new SamplingCapability(Fields.optionalObject(node, "context"), Fields.optionalObject(node, "tools"));
    }

    /** Sampling without tools. */
    public static SamplingCapability basic() {
        return new SamplingCapability(null, null);
    }

    /** Sampling in which the model may use tools. */
    public static SamplingCapability toolUse() {
        return new SamplingCapability(null, Json.object());
    }
}
