package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice of one of several values as older servers write it: the titles stand in a list of their own. New servers
 * use {@link TitledSingleSelectEnumSchema} wherever the client knows it.
 *
 * @param values what can be chosen
 * @param enumNames what the user sees, in the order of {@code values}
 */
@JsonInclude(NON_NULL)
public record LegacyTitledEnumSchema(
        @Nullable String title,
        @Nullable String description,
        @JsonProperty("enum") List<String> values,
        @JsonInclude(NON_EMPTY) List<String> enumNames,
        @JsonProperty("default") @Nullable String defaultValue)
        implements PrimitiveSchemaDefinition {
    public LegacyTitledEnumSchema {
        values = Fields.requiredList(values, "LegacyTitledEnumSchema.enum");
        enumNames = Fields.list(enumNames, "LegacyTitledEnumSchema.enumNames");
    }

    /** The old form of a choice, for clients that know no other. */
    public static LegacyTitledEnumSchema of(List<EnumOption> options) {
        return new LegacyTitledEnumSchema(
                null,
                null,
                options.stream().map(EnumOption::value).toList(),
                options.stream().map(EnumOption::title).toList(),
                null);
    }

    public LegacyTitledEnumSchema withTitle(String title) {
        return new LegacyTitledEnumSchema(title, description, values, enumNames, defaultValue);
    }

    public LegacyTitledEnumSchema withDescription(String description) {
        return new LegacyTitledEnumSchema(title, description, values, enumNames, defaultValue);
    }

    public LegacyTitledEnumSchema withDefault(String value) {
        return new LegacyTitledEnumSchema(title, description, values, enumNames, value);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "string";
    }
}
