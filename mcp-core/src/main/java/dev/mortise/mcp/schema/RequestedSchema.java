package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form: a JSON Schema object without nesting (specification, client: Elicitation, Requested Schema).
 *
 * @param dialect {@code $schema}; {@code null} means 2020-12
 * @param properties the fields, in the order in which they are shown
 * @param required the names of the fields that must be filled in
 */
@JsonInclude(NON_NULL)
public record RequestedSchema(
        @JsonProperty("$schema") @Nullable String dialect,
        Map<String, PrimitiveSchemaDefinition> properties,
        @JsonInclude(NON_EMPTY) List<String> required) {
    public RequestedSchema {
        properties =
                Fields.map(Fields.required(properties, "RequestedSchema.properties"), "RequestedSchema.properties");
        required = Fields.list(required, "RequestedSchema.required");
    }

    public static Builder builder() {
        return new Builder();
    }

    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "object";
    }

    public static final class Builder {
        private final Map<String, PrimitiveSchemaDefinition> properties = new LinkedHashMap<>();
        private final List<String> required = new ArrayList<>();

        private Builder() {}

        public Builder required(String name, PrimitiveSchemaDefinition field) {
            required.add(name);
            return optional(name, field);
        }

        public Builder optional(String name, PrimitiveSchemaDefinition field) {
            properties.put(name, field);
            return this;
        }

        public RequestedSchema build() {
            return new RequestedSchema(null, properties, required);
        }
    }
}
