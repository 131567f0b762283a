package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/** Text for, or from, a model. */
@JsonTypeName(TextContent.TYPE)
@JsonInclude(NON_NULL)
public record TextContent(
        String text,
        @Nullable Annotations annotations,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements ContentBlock, SamplingContent {
    static final String TYPE = "text";

    public TextContent {
        Fields.required(text, "TextContent.text");
        meta = Meta.orEmpty(meta);
    }

    public static TextContent of(String text) {
        return new TextContent(text, null, Meta.EMPTY);
    }

    public TextContent withAnnotations(Annotations annotations) {
        return new TextContent(text, annotations, meta);
    }

    public TextContent withMeta(Meta meta) {
        return new TextContent(text, annotations, meta);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
