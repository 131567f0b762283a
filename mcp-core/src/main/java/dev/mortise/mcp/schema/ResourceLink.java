package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * Points to a resource that the client may read on its own; it need not stand in the list of resources.
 *
 * @param resource the resource; its members stand beside {@code type} on the wire
 */
@JsonTypeName(ResourceLink.TYPE)
public record ResourceLink(@JsonUnwrapped ResourceDefinition resource) implements ContentBlock {
    static final String TYPE = "resource_link";

    public ResourceLink {
        Fields.required(resource, "ResourceLink.resource");
    }

    @JsonCreator(mode = DELEGATING)
    public static ResourceLink to(ResourceDefinition resource) {
        return new ResourceLink(resource);
    }

    @Override
    public Meta meta() {
        return resource.meta();
    }

    @Override
    public String type() {
        return TYPE;
    }
}
