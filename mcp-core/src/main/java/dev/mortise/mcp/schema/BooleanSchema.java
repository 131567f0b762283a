package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A yes-or-no field. */
@JsonInclude(NON_NULL)
public record BooleanSchema(
        @Nullable String title,
        @Nullable String description,
        @JsonProperty("default") @Nullable Boolean defaultValue) implements PrimitiveSchemaDefinition {
    public static BooleanSchema of() {
        return new BooleanSchema(null, null, null);
    }

    public BooleanSchema withTitle(String title) {
        return new BooleanSchema(title, description, defaultValue);
    }

    public BooleanSchema withDescription(String description) {
        return new BooleanSchema(title, description, defaultValue);
    }

    public BooleanSchema withDefault(boolean value) {
        return new BooleanSchema(title, description, value);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "boolean";
    }
}
