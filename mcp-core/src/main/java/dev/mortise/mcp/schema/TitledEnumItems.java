package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The choices that a {@link TitledMultiSelectEnumSchema} offers. */
public record TitledEnumItems(@JsonProperty("anyOf") List<EnumOption> options) {
    public TitledEnumItems {
        options = Fields.requiredList(options, "TitledMultiSelectEnumSchema.items.anyOf");
    }
}
