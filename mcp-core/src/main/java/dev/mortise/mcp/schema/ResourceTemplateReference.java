package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * Names a resource template whose variable is completed.
 *
 * @param uri the template, or the URI of a resource
 */
@JsonTypeName(ResourceTemplateReference.TYPE)
public record ResourceTemplateReference(String uri) implements CompletionReference {
    static final String TYPE = "ref/resource";

    public ResourceTemplateReference {
        Fields.required(uri, "ResourceTemplateReference.uri");
    }

    public static ResourceTemplateReference of(String uri) {
        return new ResourceTemplateReference(uri);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
