package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice of one of several values, shown as they are.
 *
 * @param values what can be chosen
 */
@JsonInclude(NON_NULL)
public record UntitledSingleSelectEnumSchema(
        @Nullable String title,
        @Nullable String description,
        @JsonProperty("enum") List<String> values,
        @JsonProperty("default") @Nullable String defaultValue)
        implements PrimitiveSchemaDefinition {
    public UntitledSingleSelectEnumSchema {
        values = Fields.requiredList(values, "UntitledSingleSelectEnumSchema.enum");
    }

    public static UntitledSingleSelectEnumSchema of(List<String> values) {
        return new UntitledSingleSelectEnumSchema(null, null, values, null);
    }

    public UntitledSingleSelectEnumSchema withTitle(String title) {
        return new UntitledSingleSelectEnumSchema(title, description, values, defaultValue);
    }

    public UntitledSingleSelectEnumSchema withDescription(String description) {
        return new UntitledSingleSelectEnumSchema(title, description, values, defaultValue);
    }

    public UntitledSingleSelectEnumSchema withDefault(String value) {
        return new UntitledSingleSelectEnumSchema(title, description, values, value);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "string";
    }
}
