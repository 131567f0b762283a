package dev.mortise.mcp.json;

import dev.mortise.mcp.schema.RequestedSchema;
import java.util.List;
import tools.jackson.databind.JsonNode;

public final class FormSchema<T> {
    private FormSchema() {}

    public static <T> FormSchema<T> of(Class<T> t) {
        return new FormSchema<>();
    }

    public RequestedSchema requestedSchema() {
        return RequestedSchema.builder().build();
    }

    public Bound<T> bind(JsonNode n) {
        return new Bound.Invalid<>(List.of());
    }
}
