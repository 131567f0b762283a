package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a tool answered to the model's {@link ToolUseContent}. Deprecated with sampling itself.
 *
 * @param toolUseId the id of the use that this answers
 * @param structuredContent any JSON value, JSON {@code null} included; Java {@code null} where there is none
 * @param statedError {@code isError} as it stands on the wire; {@link #isError} reads it
 * @param meta to be sent back unchanged in later requests: providers keep caching hints in it
 */
@JsonTypeName(ToolResultContent.TYPE)
@JsonInclude(NON_NULL)
public record ToolResultContent(
        String toolUseId,
        List<ContentBlock> content,
        @Nullable JsonNode structuredContent,
        @JsonProperty("isError") @Nullable Boolean statedError,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements SamplingContent {
    static final String TYPE = "tool_result";

    public ToolResultContent {
        Fields.required(toolUseId, "ToolResultContent.toolUseId");
        content = Fields.requiredList(content, "ToolResultContent.content");
        meta = Meta.orEmpty(meta);
    }

    public static ToolResultContent of(String toolUseId, List<ContentBlock> content) {
        return new ToolResultContent(toolUseId, content, null, null, Meta.EMPTY);
    }

    /** What a call returned, as an answer to the model. */
    public static ToolResultContent of(String toolUseId, CallToolResult result) {
        return new ToolResultContent(
                toolUseId, result.content(), result.structuredContent(), result.statedError(), Meta.EMPTY);
    }

    /** Whether the tool failed; the content says how. */
    @JsonIgnore
    public boolean isError() {
        return Boolean.TRUE.equals(statedError);
    }

    public ToolResultContent withMeta(Meta meta) {
        return new ToolResultContent(toolUseId, content, structuredContent, statedError, meta);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
