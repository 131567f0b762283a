package dev.mortise.mcp.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.node.ObjectNode;

/**
 * A form for a person to fill in, described by a record: the flat, restricted schema that elicitation allows
 * (specification, client, elicitation: Requested Schema). Immutable and thread-safe; written to the wire as the
 * {@code requestedSchema}.
 *
 * <p>A component is a text (with a {@link Format} of email, uri, date or date-time), a date or time, a number, a
 * boolean, an enum (one choice) or a list or set of an enum (many choices), or an {@code Optional} of these. A
 * {@link Title} on a constant of an enum is what the person reads in its place. {@link Description}, {@link Title},
 * {@link Length}, {@link Bounds} and {@link DefaultValue} work as in the arguments of a tool.
 */
public final class FormSchema<T> implements JacksonSerializable {
    private final ObjectNode node;
    private final ArgumentBinder<T> binder;

    private FormSchema(ObjectNode node, ArgumentBinder<T> binder) {
        this.node = node;
        this.binder = binder;
    }

    /**
     * The form for a record.
     *
     * @throws InvalidSchema if a component is something that a form cannot ask for
     */
    public static <T> FormSchema<T> of(Class<T> type) {
        if (!type.isRecord()) {
            throw new InvalidSchema(type.getTypeName() + " is not a record; a form is described by one");
        }
        ObjectNode open = (ObjectNode) JsonSchema.generate(type).node();
        // The schema that is sent does not forbid further properties, so what is sent back may have them.
        open.remove("additionalProperties");
        ObjectNode form = Json.object().put("type", "object");
        ObjectNode fields = form.putObject("properties");
        for (Map.Entry<String, JsonNode> property : open.path("properties").properties()) {
            String where = "'" + property.getKey() + "' of the form " + type.getSimpleName();
            JavaType component = componentType(type, property.getKey());
            fields.set(property.getKey(), FormField.of((ObjectNode) property.getValue(), component, where));
        }
        if (open.has("required")) {
            form.set("required", open.path("required"));
        }
        return new FormSchema<>(form, ArgumentBinder.of(type, JsonSchema.checkingFormats(open)));
    }

    /** A copy of the schema. To write it to the wire, write this object itself: that copies nothing. */
    public JsonNode node() {
        return node.deepCopy();
    }

    /**
     * Validates what the person filled in and makes the record of it, by the rules of {@link ArgumentBinder}.
     * Properties that the form does not have are ignored.
     */
    public Bound<T> bind(@Nullable JsonNode content) {
        return binder.bind(content);
    }

    @Override
    public void serialize(JsonGenerator generator, SerializationContext context) {
        context.writeTree(generator, node);
    }

    @Override
    public void serializeWithType(JsonGenerator generator, SerializationContext context, TypeSerializer type) {
        serialize(generator, context);
    }

    @Override
    public String toString() {
        return node.toString();
    }

    private static JavaType componentType(Class<?> record, String jsonName) {
        JavaType type = Json.mapper().constructType(record);
        ClassIntrospector introspector = Json.mapper().deserializationConfig().classIntrospectorInstance();
        return introspector
                .introspectForDeserialization(type, introspector.introspectClassAnnotations(type))
                .findProperties()
                .stream()
                .filter(property -> property.getName().equals(jsonName))
                .map(BeanPropertyDefinition::getPrimaryType)
                .findFirst()
                .orElseThrow();
    }
}
