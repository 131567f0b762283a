package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import tools.jackson.databind.node.ObjectNode;

/**
 * The model wants a tool to be called. Deprecated with sampling itself.
 *
 * @param id pairs this with the {@link ToolResultContent} that answers it
 * @param input the arguments
 * @param meta to be sent back unchanged in later requests: providers keep caching hints in it
 */
@JsonTypeName(ToolUseContent.TYPE)
public record ToolUseContent(
        String id,
        String name,
        ObjectNode input,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements SamplingContent {
    static final String TYPE = "tool_use";

    public ToolUseContent {
        Fields.required(id, "ToolUseContent.id");
        Fields.required(name, "ToolUseContent.name");
        Fields.required(input, "ToolUseContent.input");
        meta = Meta.orEmpty(meta);
    }

    public static ToolUseContent of(String id, String name, ObjectNode input) {
        return new ToolUseContent(id, name, input, Meta.EMPTY);
    }

    public ToolUseContent withMeta(Meta meta) {
        return new ToolUseContent(id, name, input, meta);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
