package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a client learns about a tool (specification, server: Tools, Tool). A title for people is taken from
 * {@code title}, then {@code annotations.title}, then {@code name}.
 *
 * @param name 1 to 128 of {@code A–Z a–z 0–9 _ - .} is what the specification recommends; case matters
 * @param inputSchema JSON Schema of the arguments, 2020-12 unless it says otherwise; an object schema
 * @param outputSchema JSON Schema of the structured content, of any type; {@code null} where nothing is promised
 */
@JsonInclude(NON_NULL)
public record ToolDefinition(
        String name,
        @Nullable String title,
        @Nullable String description,
        JsonNode inputSchema,
        @Nullable JsonNode outputSchema,
        @Nullable ToolAnnotations annotations,
        @JsonInclude(NON_EMPTY) List<Icon> icons,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public ToolDefinition {
        Fields.required(name, "ToolDefinition.name");
        Fields.object(inputSchema, "ToolDefinition.inputSchema");
        if (outputSchema != null) {
            Fields.object(outputSchema, "ToolDefinition.outputSchema");
        }
        icons = Fields.list(icons, "ToolDefinition.icons");
        meta = Meta.orEmpty(meta);
    }

    public ToolDefinition withMeta(Meta newMeta) {
        return with(icons, newMeta);
    }

    /** The same with these pictures, and this {@code _meta}. */
    public ToolDefinition with(List<Icon> newIcons, Meta newMeta) {
        return new ToolDefinition(name, title, description, inputSchema, outputSchema, annotations, newIcons, newMeta);
    }

    public static Builder builder(String name, JsonNode inputSchema) {
        return new Builder(name, inputSchema);
    }

    public static final class Builder {
        private final String name;
        private final JsonNode inputSchema;
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable JsonNode outputSchema;
        private @Nullable ToolAnnotations annotations;
        private List<Icon> icons = List.of();
        private Meta meta = Meta.EMPTY;

        private Builder(String name, JsonNode inputSchema) {
            this.name = name;
            this.inputSchema = inputSchema;
        }

        public Builder title(@Nullable String title) {
            this.title = title;
            return this;
        }

        public Builder description(@Nullable String description) {
            this.description = description;
            return this;
        }

        public Builder outputSchema(@Nullable JsonNode outputSchema) {
            this.outputSchema = outputSchema;
            return this;
        }

        public Builder annotations(@Nullable ToolAnnotations annotations) {
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

        /**
         * The definition.
         *
         * @throws IllegalArgumentException if the input schema is not of {@code type} {@code object}: arguments always
         *     are an object. A definition from a peer is not held to this when it is read.
         */
        public ToolDefinition build() {
            ToolDefinition tool =
                    new ToolDefinition(name, title, description, inputSchema, outputSchema, annotations, icons, meta);
            if (!"object".equals(inputSchema.path("type").asString(""))) {
                throw new IllegalArgumentException(
                        "ToolDefinition.inputSchema of \"" + name + "\" must have \"type\": \"object\"");
            }
            return tool;
        }
    }
}
