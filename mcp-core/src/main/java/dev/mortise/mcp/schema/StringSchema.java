package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A text field.
 *
 * @param minLength in characters
 * @param maxLength in characters
 */
@JsonInclude(NON_NULL)
public record StringSchema(
        @Nullable String title,
        @Nullable String description,
        @Nullable Integer minLength,
        @Nullable Integer maxLength,
        @Nullable StringFormat format,
        @JsonProperty("default") @Nullable String defaultValue)
        implements PrimitiveSchemaDefinition {
    public StringSchema {
        Fields.optionalCount(minLength, "StringSchema.minLength");
        Fields.optionalCount(maxLength, "StringSchema.maxLength");
    }

    public static StringSchema of() {
        return new StringSchema(null, null, null, null, null, null);
    }

    public StringSchema withTitle(String title) {
        return new StringSchema(title, description, minLength, maxLength, format, defaultValue);
    }

    public StringSchema withDescription(String description) {
        return new StringSchema(title, description, minLength, maxLength, format, defaultValue);
    }

    public StringSchema withLength(int least, int most) {
        return new StringSchema(title, description, least, most, format, defaultValue);
    }

    public StringSchema withFormat(StringFormat format) {
        return new StringSchema(title, description, minLength, maxLength, format, defaultValue);
    }

    public StringSchema withDefault(String value) {
        return new StringSchema(title, description, minLength, maxLength, format, value);
    }

    @Override
    @JsonProperty(access = READ_ONLY)
    public String type() {
        return "string";
    }
}
