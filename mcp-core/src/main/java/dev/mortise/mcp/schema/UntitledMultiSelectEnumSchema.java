package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice of several of several values, shown as they are.
 *
 * @param minItems the least number to choose
 * @param maxItems the greatest number to choose
 */
@JsonInclude(NON_NULL)
public record UntitledMultiSelectEnumSchema(
        @Nullable String title,
        @Nullable String description,
        @Nullable Integer minItems,
        @Nullable Integer maxItems,
        UntitledEnumItems items,
        @JsonProperty("default") @JsonInclude(NON_EMPTY) List<String> defaultValues)
        implements PrimitiveSchemaDefinition {
    public UntitledMultiSelectEnumSchema {
        Fields.optionalCount(minItems, "UntitledMultiSelectEnumSchema.minItems");
        Fields.optionalCount(maxItems, "UntitledMultiSelectEnumSchema.maxItems");
        Fields.required(items, "UntitledMultiSelectEnumSchema.items");
        defaultValues = Fields.list(defaultValues, "UntitledMultiSelectEnumSchema.default");
    }

    public static UntitledMultiSelectEnumSchema of(List<String> values) {
        return new UntitledMultiSelectEnumSchema(null, null, null, null, new UntitledEnumItems(values), List.of());
    }

    public UntitledMultiSelectEnumSchema withTitle(String title) {
        return new UntitledMultiSelectEnumSchema(title, description, minItems, maxItems, items, defaultValues);
    }

    public UntitledMultiSelectEnumSchema withDescription(String description) {
        return new UntitledMultiSelectEnumSchema(title, description, minItems, maxItems, items, defaultValues);
    }

    public UntitledMultiSelectEnumSchema withCount(int least, int most) {
        return new UntitledMultiSelectEnumSchema(title, description, least, most, items, defaultValues);
    }

    public UntitledMultiSelectEnumSchema withDefault(List<String> values) {
        return new UntitledMultiSelectEnumSchema(title, description, minItems, maxItems, items, values);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "array";
    }
}
