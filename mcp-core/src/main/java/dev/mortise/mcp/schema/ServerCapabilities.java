package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mortise.mcp.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server offers (specification, server: Discovery). A member that is {@code null} means that the server does
 * not have the feature.
 *
 * @param experimental capabilities outside the specification, by name
 * @param logging present if the server sends log messages
 * @param completions present if the server completes arguments
 * @param extensions settings of the supported extensions, by extension id
 */
@JsonInclude(NON_NULL)
public record ServerCapabilities(
        @JsonInclude(NON_EMPTY) Map<String, ObjectNode> experimental,
        @Nullable ObjectNode logging,
        @Nullable ObjectNode completions,
        @Nullable PromptsCapability prompts,
        @Nullable ResourcesCapability resources,
        @Nullable ToolsCapability tools,
        @JsonInclude(NON_EMPTY) Map<String, ObjectNode> extensions) {
    public ServerCapabilities {
        experimental = Fields.map(experimental, "ServerCapabilities.experimental");
        extensions = Fields.map(extensions, "ServerCapabilities.extensions");
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean supportsExtension(String id) {
        return extensions.containsKey(id);
    }

    public static final class Builder {
        private final Map<String, ObjectNode> experimental = new LinkedHashMap<>();
        private final Map<String, ObjectNode> extensions = new LinkedHashMap<>();
        private @Nullable ObjectNode logging;
        private @Nullable ObjectNode completions;
        private @Nullable PromptsCapability prompts;
        private @Nullable ResourcesCapability resources;
        private @Nullable ToolsCapability tools;

        private Builder() {}

        public Builder logging() {
            this.logging = Json.object();
            return this;
        }

        public Builder completions() {
            this.completions = Json.object();
            return this;
        }

        public Builder prompts(PromptsCapability prompts) {
            this.prompts = prompts;
            return this;
        }

        public Builder resources(ResourcesCapability resources) {
            this.resources = resources;
            return this;
        }

        public Builder tools(ToolsCapability tools) {
            this.tools = tools;
            return this;
        }

        public Builder experimental(String name, ObjectNode settings) {
            experimental.put(name, settings);
            return this;
        }

        /**
         * Adds an extension.
         *
         * @throws IllegalArgumentException if the id does not have the form {@code prefix/name}
         */
        public Builder extension(String id, ObjectNode settings) {
            extensions.put(MetaKeys.extensionId(id), settings);
            return this;
        }

        public ServerCapabilities build() {
            return new ServerCapabilities(experimental, logging, completions, prompts, resources, tools, extensions);
        }
    }
}
