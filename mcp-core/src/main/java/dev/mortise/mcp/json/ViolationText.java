package dev.mortise.mcp.json;

import com.networknt.schema.Error;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Words for what the validator library found. */
final class ViolationText {
    private ViolationText() {}

    static List<Violation> of(List<Error> errors, JsonNode schema, int atMost) {
        return errors.stream()
                .limit(atMost)
                .map(error -> new Violation(path(error), message(error, schema)))
                .distinct()
                .toList();
    }

    private static String path(Error error) {
        return error.getInstanceLocation() == null
                ? ""
                : error.getInstanceLocation().toString();
    }

    private static String message(Error error, JsonNode schema) {
        Object[] arguments = error.getArguments();
        Object first = arguments == null || arguments.length == 0 ? "" : arguments[0];
        return switch (error.getKeyword()) {
            case "type" -> "must be " + (arguments.length > 1 ? arguments[1] : "another type") + ", not " + first;
            case "required" -> "lacks the required property '" + first + "'";
            case "additionalProperties" -> "must not have the property '" + first + "'" + known(error, schema);
            case "unevaluatedProperties" -> "must not have the property '" + first + "'";
            case "enum" -> "must be one of: " + choices(error);
            case "const" -> "must be " + error.getSchemaNode();
            case "minimum" -> "must be at least " + first;
            case "maximum" -> "must be at most " + first;
            case "exclusiveMinimum" -> "must be greater than " + first;
            case "exclusiveMaximum" -> "must be less than " + first;
            case "multipleOf" -> "must be a multiple of " + first;
            case "minLength" -> "must be at least " + first + " characters long";
            case "maxLength" -> "must be at most " + first + " characters long";
            case "minItems" -> "must have at least " + first + " items";
            case "maxItems" -> "must have at most " + first + " items";
            case "contains", "minContains" -> "must have at least " + first + " items of the required form";
            case "maxContains" -> "must have at most " + first + " items of the required form";
            case "oneOf" -> "must be of exactly one of the allowed forms";
            case "not" -> "must not be of the excluded form";
            case "uniqueItems" -> "must not have an item twice";
            case "pattern" -> "must match the pattern " + first;
            case "format" -> "must be in the format '" + error.getSchemaNode().asString("") + "'";
            default -> error.getMessage();
        };
    }

    private static String choices(Error error) {
        JsonNode choices = error.getSchemaNode();
        return choices == null || !choices.isArray()
                ? String.valueOf(choices)
                : StreamSupport.stream(choices.spliterator(), false)
                        .map(choice -> choice.isString() ? choice.stringValue() : choice.toString())
                        .limit(50)
                        .collect(Collectors.joining(", "));
    }

    /** A model that invented a name needs to hear the real ones. */
    private static String known(Error error, JsonNode schema) {
        if (error.getSchemaLocation() == null || error.getSchemaLocation().getFragment() == null) {
            return "";
        }
        String keyword = error.getSchemaLocation().getFragment().toString();
        JsonNode properties = schema.at(JsonPointer.compile(keyword).head()).path("properties");
        return properties.isEmpty()
                ? ""
                : "; it has: " + properties.propertyNames().stream().limit(50).collect(Collectors.joining(", "));
    }
}
