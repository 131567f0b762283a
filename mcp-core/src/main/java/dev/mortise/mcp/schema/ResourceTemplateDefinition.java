package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client learns about a family of resources (specification, server: Resources, Resource Templates).
 *
 * @param uriTemplate a URI template (RFC 6570) that makes the URIs
 * @param mimeType only where every resource of the family has it
 */
@JsonInclude(NON_NULL)
public record ResourceTemplateDefinition(
        String uriTemplate,
        String name,
        @Nullable String title,
        @Nullable String description,
        @Nullable String mimeType,
        @Nullable Annotations annotations,
        @JsonInclude(NON_EMPTY) List<Icon> icons,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public ResourceTemplateDefinition {
        Fields.required(uriTemplate, "ResourceTemplateDefinition.uriTemplate");
        Fields.required(name, "ResourceTemplateDefinition.name");
        icons = Fields.list(icons, "ResourceTemplateDefinition.icons");
        meta = Meta.orEmpty(meta);
    }

    public static Builder builder(String uriTemplate, String name) {
        return new Builder(uriTemplate, name);
    }

    public static final class Builder {
        private final String uriTemplate;
        private final String name;
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable String mimeType;
        private @Nullable Annotations annotations;
        private List<Icon> icons = List.of();
        private Meta meta = Meta.EMPTY;

        private Builder(String uriTemplate, String name) {
            this.uriTemplate = uriTemplate;
            this.name = name;
        }

        public Builder title(@Nullable String title) {
            this.title = title;
            return this;
        }

        public Builder description(@Nullable String description) {
            this.description = description;
            return this;
        }

        public Builder mimeType(@Nullable String mimeType) {
            this.mimeType = mimeType;
            return this;
        }

        public Builder annotations(@Nullable Annotations annotations) {
            this.annotations = annotations;
            return this;
        }

        public Builder icons(Icon... icons) {
            return icons(List.of(icons));
        }

        public Builder icons(List<Icon> icons) {
            this.icons = icons;
            return this;
        }

        public Builder meta(Meta meta) {
            this.meta = meta;
            return this;
        }

        public ResourceTemplateDefinition build() {
            return new ResourceTemplateDefinition(
                    uriTemplate, name, title, description, mimeType, annotations, icons, meta);
        }
    }
}
