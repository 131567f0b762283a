package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mortise.mcp.json.Json;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who a client or a server says it is. Nothing of it is verified: it is for display and for logs, never for decisions
 * (specification, basic: {@code _meta}).
 *
 * @param name for programs
 * @param title for people; {@code name} serves where it is {@code null}
 * @param version of the implementation, in its own scheme
 */
@JsonInclude(NON_NULL)
public record Implementation(
        String name,
        @Nullable String title,
        String version,
        @Nullable String description,
        @Nullable String websiteUrl,
        @JsonInclude(NON_EMPTY) List<Icon> icons) {
    public Implementation {
        Fields.required(name, "Implementation.name");
        Fields.required(version, "Implementation.version");
        icons = Fields.list(icons, "Implementation.icons");
    }

    /**
     * Reads it from a tree. Every request may state it, so it is not sent through the mapper, which takes many times
     * as long for these few members.
     *
     * @throws IllegalArgumentException if a member is missing or of the wrong type
     */
    @JsonCreator(mode = DELEGATING)
    public static Implementation from(JsonNode tree) {
        ObjectNode node = Fields.object(tree, "Implementation");
        return new Implementation(
                Fields.required(Fields.text(node, "name"), "Implementation.name"),
                Fields.text(node, "title"),
                Fields.required(Fields.text(node, "version"), "Implementation.version"),
                Fields.text(node, "description"),
                Fields.text(node, "websiteUrl"),
                icons(node.get("icons")));
    }

    private static List<Icon> icons(@Nullable JsonNode node) {
        return node == null || node.isNull()
                ? List.of()
                : Arrays.asList(Json.mapper().treeToValue(node, Icon[].class));
    }

    public static Implementation of(String name, String version) {
        return builder(name, version).build();
    }

    public static Builder builder(String name, String version) {
        return new Builder(name, version);
    }

    public static final class Builder {
        private final String name;
        private final String version;
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable String websiteUrl;
        private List<Icon> icons = List.of();

        private Builder(String name, String version) {
            this.name = name;
            this.version = version;
        }

        public Builder title(String title) {
            this.title = title;
            return this;
        }

        public Builder description(String description) {
            this.description = description;
            return this;
        }

        public Builder websiteUrl(String websiteUrl) {
            this.websiteUrl = websiteUrl;
            return this;
        }

        public Builder icons(Icon... icons) {
            this.icons = List.of(icons);
            return this;
        }

        public Implementation build() {
            return new Implementation(name, title, version, description, websiteUrl, icons);
        }
    }
}
