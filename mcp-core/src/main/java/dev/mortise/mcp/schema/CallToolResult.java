package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The answer to {@code tools/call} (specification, server: Tools, Tool Result). A failure of the tool itself is such a
 * result too, so that the model sees it and can try something else; only a call that never reached the tool is a
 * protocol error.
 *
 * @param structuredContent any JSON value, JSON {@code null} included; Java {@code null} where there is none
 * @param statedError {@code isError} as it stands on the wire; {@link #isError} reads it
 */
@JsonInclude(NON_NULL)
public record CallToolResult(
        List<ContentBlock> content,
        @Nullable JsonNode structuredContent,
        @JsonProperty("isError") @Nullable Boolean statedError,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements Result {
    public CallToolResult {
        content = Fields.requiredList(content, "CallToolResult.content");
        meta = Meta.orEmpty(meta);
    }

    public static CallToolResult of(List<? extends ContentBlock> content) {
        return new CallToolResult(List.copyOf(content), null, null, Meta.EMPTY);
    }

    public static CallToolResult of(ContentBlock... content) {
        return of(List.of(content));
    }

    public static CallToolResult text(String text) {
        return of(TextContent.of(text));
    }

    /** A structured value, and the same as text for clients that read only content. */
    public static CallToolResult structured(JsonNode value) {
        return text(value.toString()).withStructuredContent(value);
    }

    /** A failure of the tool; the model reads the message. */
    public static CallToolResult error(String message) {
        return new CallToolResult(List.of(TextContent.of(message)), null, true, Meta.EMPTY);
    }

    /** Whether the tool failed; the content says how. */
    @JsonIgnore
    public boolean isError() {
        return Boolean.TRUE.equals(statedError);
    }

    public CallToolResult withStructuredContent(JsonNode structuredContent) {
        return new CallToolResult(content, structuredContent, statedError, meta);
    }

    @Override
    public CallToolResult withMeta(Meta meta) {
        return new CallToolResult(content, structuredContent, statedError, meta);
    }
}
