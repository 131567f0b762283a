package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.schema.Annotations;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ResourceDefinition;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A resource: what clients get to know of it, and how it is read. Immutable. */
public final class Resource implements Entry {
    private final ResourceDefinition definition;
    private final Attributes attributes;
    private final ResourceReader reader;

    private Resource(ResourceDefinition definition, Attributes attributes, ResourceReader reader) {
        this.definition = definition;
        this.attributes = attributes;
        this.reader = reader;
    }

    /** A resource whose text never changes. */
    public static Resource text(String uri, String name, String mimeType, String text) {
        return at(uri, name).mimeType(mimeType).read(call -> ResourceOutcome.found(call.text(text)));
    }

    /** A resource that is a file, read anew each time. */
    public static Resource file(String uri, String name, String mimeType, Path file) {
        return at(uri, name).mimeType(mimeType).read(call -> ResourceOutcome.found(call.file(file)));
    }

    /** @param uri absolute (RFC 3986): what clients read it by */
    public static Builder at(String uri, String name) {
        return new Builder(uri, name);
    }

    @Override
    public String key() {
        return definition.uri();
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    public ResourceDefinition definition() {
        return definition;
    }

    public ResourceReader reader() {
        return reader;
    }

    /** Composes a resource. */
    public static final class Builder {
        private final ResourceDefinition.Builder definition;
        private Attributes attributes = Attributes.NONE;

        private Builder(String uri, String name) {
            requireAbsolute(uri);
            this.definition = ResourceDefinition.builder(uri, name);
        }

        public Builder title(@Nullable String title) {
            definition.title(title);
            return this;
        }

        public Builder description(@Nullable String description) {
            definition.description(description);
            return this;
        }

        public Builder mimeType(@Nullable String mimeType) {
            definition.mimeType(mimeType);
            return this;
        }

        /** @param bytes the size of the raw content */
        public Builder size(long bytes) {
            definition.size(bytes);
            return this;
        }

        public Builder annotations(Annotations annotations) {
            definition.annotations(annotations);
            return this;
        }

        public Builder icons(Icon... icons) {
            definition.icons(java.util.List.of(icons));
            return this;
        }

        public Builder meta(Meta meta) {
            definition.meta(meta);
            return this;
        }

        public <T> Builder with(Attribute<T> attribute, T value) {
            attributes = attributes.with(attribute, value);
            return this;
        }

        /** Completes the resource. */
        public Resource read(ResourceReader reader) {
            return new Resource(definition.build(), attributes, reader);
        }

        private static void requireAbsolute(String uri) {
            try {
                if (new URI(uri).isAbsolute()) {
                    return;
                }
            } catch (URISyntaxException e) {
                // reported below, with the same advice
            }
            throw new IllegalArgumentException(
                    "A resource needs an absolute URI such as docs:///readme.md, but this is \"" + uri
                            + "\"; escape spaces and other such characters");
        }
    }
}
