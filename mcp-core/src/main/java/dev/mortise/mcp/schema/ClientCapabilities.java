package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mortise.mcp.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the client offers for one request. It is stated on every request and never remembered from an earlier one
 * (specification, basic: {@code _meta}).
 *
 * @param experimental capabilities outside the specification, by name
 * @param roots present if the client answers {@code roots/list}
 * @param sampling present if the client answers {@code sampling/createMessage}
 * @param elicitation present if the client answers {@code elicitation/create}
 * @param extensions settings of the supported extensions, by extension id
 */
@JsonInclude(NON_NULL)
public record ClientCapabilities(
        @JsonInclude(NON_EMPTY) Map<String, ObjectNode> experimental,
        @Nullable ObjectNode roots,
        @Nullable SamplingCapability sampling,
        @Nullable ElicitationCapability elicitation,
        @JsonInclude(NON_EMPTY) Map<String, ObjectNode> extensions) {
    /** A client that offers nothing but the base protocol. */
    public static final ClientCapabilities NONE = builder().build();

    public ClientCapabilities {
        experimental = Fields.map(experimental, "ClientCapabilities.experimental");
        extensions = Fields.map(extensions, "ClientCapabilities.extensions");
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the capabilities from a tree. Every request states them, so they are not sent through the mapper, which
     * takes many times as long for these few members.
     *
     * @throws IllegalArgumentException if a member is of the wrong type
     */
    @JsonCreator(mode = DELEGATING)
    public static ClientCapabilities from(JsonNode tree) {
        ObjectNode node = Fields.object(tree, "ClientCapabilities");
        return new ClientCapabilities(
                Fields.objects(node.get("experimental"), "experimental"),
                Fields.optionalObject(node, "roots"),
                SamplingCapability.from(Fields.optionalObject(node, "sampling")),
                ElicitationCapability.from(Fields.optionalObject(node, "elicitation")),
                Fields.objects(node.get("extensions"), "extensions"));
    }

    public boolean supportsRoots() {
        return roots != null;
    }

    public boolean supportsSampling() {
        return sampling != null;
    }

    /** Whether sampling requests may carry tools. */
    public boolean supportsSamplingTools() {
        return sampling != null && sampling.tools() != null;
    }

    /** Whether sampling requests may ask for the context of servers. */
    public boolean supportsSamplingContext() {
        return sampling != null && sampling.context() != null;
    }

    /** Whether the user can be asked by form. A client that names no mode means this one. */
    public boolean supportsElicitationForm() {
        return elicitation != null && (elicitation.form() != null || elicitation.url() == null);
    }

    /** Whether the user can be sent to a URL. */
    public boolean supportsElicitationUrl() {
        return elicitation != null && elicitation.url() != null;
    }

    public boolean supportsExtension(String id) {
        return extensions.containsKey(id);
    }

    public static final class Builder {
        private final Map<String, ObjectNode> experimental = new LinkedHashMap<>();
        private final Map<String, ObjectNode> extensions = new LinkedHashMap<>();
        private @Nullable ObjectNode roots;
        private @Nullable SamplingCapability sampling;
        private @Nullable ElicitationCapability elicitation;

        private Builder() {}

        public Builder roots() {
            this.roots = Json.object();
            return this;
        }

        public Builder sampling(SamplingCapability sampling) {
            this.sampling = sampling;
            return this;
        }

        public Builder elicitation(ElicitationCapability elicitation) {
            this.elicitation = elicitation;
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

        public ClientCapabilities build() {
            return new ClientCapabilities(experimental, roots, sampling, elicitation, extensions);
        }
    }
}
