package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice of several of several values, each with a title for the user.
 *
 * @param minItems the least number to choose
 * @param maxItems the greatest number to choose
 */
@JsonInclude(NON_NULL)
public record TitledMultiSelectEnumSchema(
        @Nullable String title,
        @Nullable String description,
        @Nullable Integer minItems,
        @Nullable Integer maxItems,
        TitledEnumItems items,
        @JsonProperty("default") @JsonInclude(NON_EMPTY) List<String> defaultValues)
        implements PrimitiveSchemaDefinition {
    public TitledMultiSelectEnumSchema {
        Fields.optionalCount(minItems, "TitledMultiSelectEnumSchema.minItems");
        Fields.optionalCount(maxItems, "TitledMultiSelectEnumSchema.maxItems");
        Fields.required(items, "TitledMultiSelectEnumSchema.items");
        defaultValues = Fields.list(defaultValues, "TitledMultiSelectEnumSchema.default");
    }

    public static TitledMultiSelectEnumSchema of(List<EnumOption> options) {
        return new TitledMultiSelectEnumSchema(null, null, null, null, new TitledEnumItems(options), List.of());
    }

    public TitledMultiSelectEnumSchema withTitle(String title) {
        return new TitledMultiSelectEnumSchema(title, description, minItems, maxItems, items, defaultValues);
    }

    public TitledMultiSelectEnumSchema withDescription(String description) {
        return new TitledMultiSelectEnumSchema(title, description, minItems, maxItems, items, defaultValues);
    }

    public TitledMultiSelectEnumSchema withCount(int least, int most) {
        return new TitledMultiSelectEnumSchema(title, description, least, most, items, defaultValues);
    }

    public TitledMultiSelectEnumSchema withDefault(List<String> values) {
        return new TitledMultiSelectEnumSchema(title, description, minItems, maxItems, items, values);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "array";
    }
}
