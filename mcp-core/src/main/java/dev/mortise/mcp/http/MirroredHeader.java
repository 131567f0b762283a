package dev.mortise.mcp.http;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One argument that is repeated in an HTTP header.
 *
 * @param name the name of the header, {@code Mcp-Param-} included
 * @param path the property names that lead to the argument, at least one
 * @param type what the schema says the argument is
 */
public record MirroredHeader(String name, List<String> path, Type type) {
    /** The types that can be mirrored. */
    public enum Type {
        STRING,
        INTEGER,
        BOOLEAN
    }

    private static final BigDecimal GREATEST_SAFE = BigDecimal.valueOf((1L << 53) - 1);
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?");

    public MirroredHeader {
        path = List.copyOf(path);
    }

    /** The argument, or a missing node where it is absent; an explicit {@code null} counts as absent. */
    JsonNode in(JsonNode arguments) {
        JsonNode value = arguments;
        for (String step : path) {
            value = value.path(step);
        }
        return value.isNull() ? JsonNodeFactory.instance.missingNode() : value;
    }

    /** What a client writes into the header; empty if the value is not of a kind that can be mirrored. */
    Optional<String> encode(JsonNode value) {
        if (value.isString()) {
            return Optional.of(HeaderValue.encode(value.stringValue()));
        }
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue() ? "true" : "false");
        }
        return isSafeInteger(value)
                ? Optional.of(value.decimalValue().toBigIntegerExact().toString())
                : Optional.empty();
    }

    /** Whether the text of a header says the same as the value in the body, which decides how they are compared. */
    boolean matches(String text, JsonNode value) {
        if (value.isString()) {
            return text.equals(value.stringValue());
        }
        if (value.isBoolean()) {
            return text.equals(value.booleanValue() ? "true" : "false");
        }
        return isSafeInteger(value)
                && NUMBER.matcher(text).matches()
                && new BigDecimal(text).compareTo(value.decimalValue()) == 0;
    }

    private static boolean isSafeInteger(JsonNode value) {
        return value.isNumber()
                && value.decimalValue().abs().compareTo(GREATEST_SAFE) <= 0
                && isWhole(value.decimalValue());
    }

    /** Without writing out the digits that a negative exponent stands for. */
    private static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }
}
