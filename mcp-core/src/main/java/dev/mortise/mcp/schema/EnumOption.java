package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One choice of a field.
 *
 * @param value what the answer holds
 * @param title what the user sees
 */
public record EnumOption(@JsonProperty("const") String value, String title) {
    public EnumOption {
        Fields.required(value, "EnumOption.const");
        Fields.required(title, "EnumOption.title");
    }

    public static EnumOption of(String value, String title) {
        return new EnumOption(value, title);
    }
}
