package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client learns about a prompt (specification, server: Prompts). */
@JsonInclude(NON_NULL)
public record PromptDefinition(
        String name,
        @Nullable String title,
        @Nullable String description,
        @JsonInclude(NON_EMPTY) List<PromptArgument> arguments,
        @JsonInclude(NON_EMPTY) List<Icon> icons,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public PromptDefinition {
        Fields.required(name, "PromptDefinition.name");
        arguments = Fields.list(arguments, "PromptDefinition.arguments");
        icons = Fields.list(icons, "PromptDefinition.icons");
        meta = Meta.orEmpty(meta);
    }

    public static Builder builder(String name) {
        return new Builder(name);
    }

    public static final class Builder {
        private final String name;
        private @Nullable String title;
        private @Nullable String description;
        private List<PromptArgument> arguments = List.of();
        private List<Icon> icons = List.of();
        private Meta meta = Meta.EMPTY;

        private Builder(String name) {
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

        public Builder arguments(PromptArgument... arguments) {
            return arguments(List.of(arguments));
        }

        public Builder arguments(List<PromptArgument> arguments) {
            this.arguments = arguments;
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

        public PromptDefinition build() {
            return new PromptDefinition(name, title, description, arguments, icons, meta);
        }
    }
}
