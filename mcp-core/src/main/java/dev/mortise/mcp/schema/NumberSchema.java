package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A field for a number.
 *
 * @param type {@code number} or {@code integer}
 * @param minimum the least value allowed
 * @param maximum the greatest value allowed
 */
@JsonInclude(NON_NULL)
public record NumberSchema(
        String type,
        @Nullable String title,
        @Nullable String description,
        @Nullable BigDecimal minimum,
        @Nullable BigDecimal maximum,
        @JsonProperty("default") @Nullable BigDecimal defaultValue)
        implements PrimitiveSchemaDefinition {
    public NumberSchema {
        if (!Fields.required(type, "NumberSchema.type").equals("number") && !type.equals("integer")) {
            throw new IllegalArgumentException("NumberSchema.type must be number or integer");
        }
    }

    public static NumberSchema number() {
        return new NumberSchema("number", null, null, null, null, null);
    }

    public static NumberSchema integer() {
        return new NumberSchema("integer", null, null, null, null, null);
    }

    public NumberSchema withTitle(String title) {
        return new NumberSchema(type, title, description, minimum, maximum, defaultValue);
    }

    public NumberSchema withDescription(String description) {
        return new NumberSchema(type, title, description, minimum, maximum, defaultValue);
    }

    public NumberSchema withMinimum(BigDecimal minimum) {
        return new NumberSchema(type, title, description, minimum, maximum, defaultValue);
    }

    public NumberSchema withMinimum(long minimum) {
        return withMinimum(BigDecimal.valueOf(minimum));
    }

    public NumberSchema withMaximum(BigDecimal maximum) {
        return new NumberSchema(type, title, description, minimum, maximum, defaultValue);
    }

    public NumberSchema withMaximum(long maximum) {
        return withMaximum(BigDecimal.valueOf(maximum));
    }

    public NumberSchema withDefault(BigDecimal value) {
        return new NumberSchema(type, title, description, minimum, maximum, value);
    }

    public NumberSchema withDefault(long value) {
        return withDefault(BigDecimal.valueOf(value));
    }
}
