package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.schema.Annotations;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ResourceTemplateDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A family of resources whose URIs follow a template (RFC 6570, levels 1 to 3). It answers for each of them where the caller
 * sees no {@link Resource} with that very URI: one that is hidden from them keeps no template from being read. Immutable.
 */
public final class ResourceTemplate implements Entry {
    private final ResourceTemplateDefinition definition;
    private final UriTemplate template;
    private final Attributes attributes;
    private final ResourceReader reader;
    private final Map<String, Completer> completers;

    private ResourceTemplate(Builder builder, ResourceReader reader) {
        this.definition = builder.definition.build();
        this.template = builder.template;
        this.attributes = builder.attributes;
        this.completers = Map.copyOf(builder.completers);
        this.reader = reader;
    }

    /** @param template such as {@code docs:///{name}} */
    public static Builder at(String template, String name) {
        return new Builder(template, name);
    }

    @Override
    public String key() {
        return definition.uriTemplate();
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    public ResourceTemplateDefinition definition() {
        return definition;
    }

    /** The variables of a URI that this template fits. */
    public Optional<Map<String, String>> match(String uri) {
        return template.match(uri);
    }

    public ResourceReader reader() {
        return reader;
    }

    /** What suggests values for a variable. */
    public Optional<Completer> completer(String variable) {
        return Optional.ofNullable(completers.get(variable));
    }

    public boolean completes() {
        return !completers.isEmpty();
    }

    /** Whether the template has this variable. */
    public boolean has(String variable) {
        return template.variables().contains(variable);
    }

    /** Composes a template. */
    public static final class Builder {
        private final UriTemplate template;
        private final ResourceTemplateDefinition.Builder definition;
        private final Map<String, Completer> completers = new HashMap<>();
        private Attributes attributes = Attributes.NONE;

        private Builder(String template, String name) {
            this.template = UriTemplate.parse(template);
            this.definition = ResourceTemplateDefinition.builder(template, name);
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

        public Builder annotations(Annotations annotations) {
            definition.annotations(annotations);
            return this;
        }

        public Builder icons(Icon... icons) {
            definition.icons(List.of(icons));
            return this;
        }

        public Builder meta(Meta meta) {
            definition.meta(meta);
            return this;
        }

        /** Suggests values for a variable while the user types. */
        public Builder complete(String variable, Completer completer) {
            if (!template.variables().contains(variable)) {
                throw new IllegalArgumentException(
                        "The template has no variable " + variable + ", only " + template.variables());
            }
            completers.put(variable, completer);
            return this;
        }

        public <T> Builder with(Attribute<T> attribute, T value) {
            attributes = attributes.with(attribute, value);
            return this;
        }

        /** Completes the template. */
        public ResourceTemplate read(ResourceReader reader) {
            return new ResourceTemplate(this, reader);
        }
    }
}
