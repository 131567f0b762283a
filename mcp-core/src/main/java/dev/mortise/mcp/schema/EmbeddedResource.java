package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/** The contents of a resource, put straight into a result or a prompt. */
@JsonTypeName(EmbeddedResource.TYPE)
@JsonInclude(NON_NULL)
public record EmbeddedResource(
        ResourceContents resource,
        @Nullable Annotations annotations,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements ContentBlock {
    static final String TYPE = "resource";

    public EmbeddedResource {
        Fields.required(resource, "EmbeddedResource.resource");
        meta = Meta.orEmpty(meta);
    }

    public static EmbeddedResource of(ResourceContents resource) {
        return new EmbeddedResource(resource, null, Meta.EMPTY);
    }

    public EmbeddedResource withAnnotations(Annotations annotations) {
        return new EmbeddedResource(resource, annotations, meta);
    }

    public EmbeddedResource withMeta(Meta meta) {
        return new EmbeddedResource(resource, annotations, meta);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
