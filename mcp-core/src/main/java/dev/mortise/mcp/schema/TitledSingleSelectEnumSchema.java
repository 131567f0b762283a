package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice of one of several values, each with a title for the user.
 *
 * @param options what can be chosen
 */
@JsonInclude(NON_NULL)
public record TitledSingleSelectEnumSchema(
        @Nullable String title,
        @Nullable String description,
        @JsonProperty("oneOf") List<EnumOption> options,
        @JsonProperty("default") @Nullable String defaultValue)
        implements PrimitiveSchemaDefinition {
    public TitledSingleSelectEnumSchema {
        options = Fields.requiredList(options, "TitledSingleSelectEnumSchema.oneOf");
    }

    public static TitledSingleSelectEnumSchema of(List<EnumOption> options) {
        return new TitledSingleSelectEnumSchema(null, null, options, null);
    }

    public TitledSingleSelectEnumSchema withTitle(String title) {
        return new TitledSingleSelectEnumSchema(title, description, options, defaultValue);
    }

    public TitledSingleSelectEnumSchema withDescription(String description) {
        return new TitledSingleSelectEnumSchema(title, description, options, defaultValue);
    }

    public TitledSingleSelectEnumSchema withDefault(String value) {
        return new TitledSingleSelectEnumSchema(title, description, options, value);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "string";
    }
}
