package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client learns about a resource that it can read (specification, server: Resources).
 *
 * @param size of the raw contents in bytes, before any encoding; {@code null} where it is not known
 */
@JsonInclude(NON_NULL)
public record ResourceDefinition(
        String uri,
        String name,
        @Nullable String title,
        @Nullable String description,
        @Nullable String mimeType,
        @Nullable Annotations annotations,
        @Nullable Long size,
        @JsonInclude(NON_EMPTY) List<Icon> icons,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public ResourceDefinition {
        Fields.required(uri, "ResourceDefinition.uri");
        Fields.required(name, "ResourceDefinition.name");
        Fields.optionalSize(size, "ResourceDefinition.size");
        icons = Fields.list(icons, "ResourceDefinition.icons");
        meta = Meta.orEmpty(meta);
    }

    public ResourceDefinition withMeta(Meta newMeta) {
        return with(icons, newMeta);
    }

    /** The same with these pictures, and this {@code _meta}. */
    public ResourceDefinition with(List<Icon> newIcons, Meta newMeta) {
        return new ResourceDefinition(uri, name, title, description, mimeType, annotations, size, newIcons, newMeta);
    }

    public static Builder builder(String uri, String name) {
        return new Builder(uri, name);
    }

    public static final class Builder {
        private final String uri;
        private final String name;
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable String mimeType;
        private @Nullable Annotations annotations;
        private @Nullable Long size;
        private List<Icon> icons = List.of();
        private Meta meta = Meta.EMPTY;

        private Builder(String uri, String name) {
            this.uri = uri;
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

        public Builder size(long bytes) {
            this.size = bytes;
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

        public ResourceDefinition build() {
            return new ResourceDefinition(uri, name, title, description, mimeType, annotations, size, icons, meta);
        }
    }
}
