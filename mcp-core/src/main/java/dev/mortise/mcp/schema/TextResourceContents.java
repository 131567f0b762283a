package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Contents that are text. */
@JsonInclude(NON_NULL)
public record TextResourceContents(
        String uri,
        @Nullable String mimeType,
        String text,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements ResourceContents {
    public TextResourceContents {
        Fields.required(uri, "TextResourceContents.uri");
        Fields.required(text, "TextResourceContents.text");
        meta = Meta.orEmpty(meta);
    }

    public static TextResourceContents of(String uri, String text) {
        return new TextResourceContents(uri, null, text, Meta.EMPTY);
    }

    public TextResourceContents withMimeType(String mimeType) {
        return new TextResourceContents(uri, mimeType, text, meta);
    }

    public TextResourceContents withMeta(Meta meta) {
        return new TextResourceContents(uri, mimeType, text, meta);
    }
}
