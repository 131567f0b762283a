package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * The name a client gives to the progress of one request: a string or an integer, unique among the client's running
 * requests (specification, basic: Progress). Integers are taken up to 64 bits.
 */
public sealed interface ProgressToken {
    /** The most characters of a token: it is repeated in every report. */
    int MAX_LENGTH = 1024;

    record Text(@JsonValue String value) implements ProgressToken {
        @Override
        public String toString() {
            return value;
        }
    }

    record Numeric(@JsonValue long value) implements ProgressToken {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    static ProgressToken of(String value) {
        return new Text(value);
    }

    static ProgressToken of(long value) {
        return new Numeric(value);
    }

    /** Reads a token from its JSON form. */
    @JsonCreator(mode = DELEGATING)
    static ProgressToken read(JsonNode node) {
        if (node.isString() && node.stringValue().length() <= MAX_LENGTH) {
            return new Text(node.stringValue());
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return new Numeric(node.longValue());
        }
        throw new IllegalArgumentException(
                "a progress token is a string or an integer, of at most " + MAX_LENGTH + " characters");
    }
}
