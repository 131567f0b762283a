package dev.mortise.mcp.jsonrpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The id of a request: a string or an integer, never {@code null} and never a fraction
 * (specification, basic: Requests). Integers are taken up to 64 bits.
 */
public sealed interface RequestId {
    /** The most characters of an id: it is repeated in every answer. */
    int MAX_LENGTH = 1024;

    record Text(@JsonValue String value) implements RequestId {
        @Override
        public String toString() {
            return value;
        }
    }

    record Numeric(@JsonValue long value) implements RequestId {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    static RequestId of(String value) {
        return new Text(value);
    }

    static RequestId of(long value) {
        return new Numeric(value);
    }

    /** Reads an id from its JSON form; empty where the node is neither a string, or too long, nor a 64-bit integer. */
    static Optional<RequestId> from(JsonNode node) {
        if (node.isString()) {
            String text = node.stringValue();
            return text.length() <= MAX_LENGTH ? Optional.of(new Text(text)) : Optional.empty();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return Optional.of(new Numeric(node.longValue()));
        }
        return Optional.empty();
    }

    /** As {@link #from}, for values that are read as part of a larger one. */
    @JsonCreator
    static RequestId read(JsonNode node) {
        return from(node).orElseThrow(() -> new IllegalArgumentException("an id is a string or an integer"));
    }
}
