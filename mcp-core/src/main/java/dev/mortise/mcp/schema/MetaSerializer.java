package dev.mortise.mcp.schema;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes a {@link Meta} as the object it is. Every result and every block of content has one and nearly all are empty:
 * {@code @JsonValue} would look up a serializer anew for each of them, which costs more than the rest of a result.
 */
final class MetaSerializer extends ValueSerializer<Meta> {
    @Override
    public boolean isEmpty(SerializationContext context, Meta meta) {
        return meta.isEmpty();
    }

    @Override
    public void serialize(Meta meta, JsonGenerator generator, SerializationContext context) {
        generator.writeStartObject(meta);
        meta.entries().forEach((key, value) -> {
            generator.writeName(key);
            value.serialize(generator, context);
        });
        generator.writeEndObject();
    }
}
