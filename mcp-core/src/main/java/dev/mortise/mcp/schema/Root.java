package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A directory or file that a server may work on. Deprecated with roots themselves.
 *
 * @param uri a {@code file://} URI for now; it comes from the client, so check paths against it and never trust it
 * @param name for people
 */
@JsonInclude(NON_NULL)
public record Root(
        String uri,
        @Nullable String name,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public Root {
        Fields.required(uri, "Root.uri");
        meta = Meta.orEmpty(meta);
    }

    public static Root of(String uri) {
        return new Root(uri, null, Meta.EMPTY);
    }

    public Root withName(String name) {
        return new Root(uri, name, meta);
    }

    public Root withMeta(Meta meta) {
        return new Root(uri, name, meta);
    }
}
