package dev.mortise.mcp.json;

import dev.mortise.mcp.schema.RequestedSchema;
import tools.jackson.databind.JsonNode;

public final class FormSchema<T> {
    private FormSchema() {}

    public static <T> FormSchema<T> of(Class<T> t) {
        throw new IllegalStateException();
    }

    public RequestedSchema requestedSchema() {
        throw new IllegalStateException();
    }

    public Bound<T> bind(JsonNode n) {
        throw new IllegalStateException();
    }
}
