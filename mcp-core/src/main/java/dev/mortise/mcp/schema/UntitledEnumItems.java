package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The values that an {@link UntitledMultiSelectEnumSchema} offers. */
public record UntitledEnumItems(@JsonProperty("enum") List<String> values) {
    public UntitledEnumItems {
        values = Fields.requiredList(values, "UntitledMultiSelectEnumSchema.items.enum");
    }

    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "string";
    }
}
