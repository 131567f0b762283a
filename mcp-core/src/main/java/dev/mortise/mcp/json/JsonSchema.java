package dev.mortise.mcp.json;

import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * A JSON Schema that was checked and compiled once, and can then validate any number of values. Immutable and
 * thread-safe; written to the wire as the schema itself.
 *
 * <p>The dialect is 2020-12 unless {@code $schema} names 2019-09, draft-07, draft-06 or draft-04 (specification, basic:
 * JSON Schema Usage). A schema is refused with {@link InvalidSchema}, before it can do any harm, when
 *
 * <ul>
 *   <li>it is not valid against the meta-schema of its dialect, or the dialect is unknown;
 *   <li>a reference leaves it: nothing is ever fetched, not even a meta-schema;
 *   <li>it is too large: more than 64 levels, 10 000 subschemas or 1 048 576 characters, or a pattern of more than
 *       2 000 characters.
 * </ul>
 *
 * <p>Validation is bounded too: by the number of steps, their depth, and the work that patterns do. A value that cannot
 * be checked within these bounds is reported as violating the schema. Patterns have the syntax of
 * {@link java.util.regex.Pattern}, in which {@code $} matches at the very end only.
 *
 * <p>{@code format} is a remark, as 2020-12 has it, except in a {@linkplain #generate generated} schema, where the
 * formats date, date-time, duration, email, uri and uuid are checked.
 */
public final class JsonSchema implements JacksonSerializable {
    private final JsonNode node;
    private final CompiledSchema compiled;
    private final @Nullable QuickCheck quick;

    private JsonSchema(JsonNode node, boolean checkFormats) {
        this.node = node;
        this.compiled = CompiledSchema.of(node, checkFormats);
        this.quick = QuickCheck.of(node);
    }

    /**
     * Compiles a schema, which must be a JSON object. The node is copied; later changes to it have no effect.
     *
     * @throws InvalidSchema if it is not an acceptable schema
     */
    public static JsonSchema of(JsonNode schema) {
        return new JsonSchema(checkedCopy(schema), false);
    }

    /**
     * Compiles a schema written as JSON text.
     *
     * @throws InvalidSchema if it is not JSON, or not an acceptable schema
     */
    public static JsonSchema parse(String schema) {
        try {
            return new JsonSchema(checkedCopy(Json.parse(schema)), false);
        } catch (JacksonException e) {
            throw new InvalidSchema("The schema is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Describes a record by a schema, in declaration order and with the names that Jackson gives the components.
     *
     * <ul>
     *   <li>A component is required unless it is an {@code Optional}, is {@code @Nullable} (JSpecify), or has a
     *       {@link DefaultValue}.
     *   <li>Text, numbers, booleans, enums, dates and times ({@code java.time}), {@code UUID}, {@code URI}, lists, sets,
     *       arrays, maps with text keys, {@code JsonNode} and other records are understood; so are sealed interfaces of
     *       records that carry {@code @JsonTypeInfo(use = NAME, property = …)} and type names.
     *   <li>Records are closed ({@code additionalProperties: false}): a model that invents an argument is told so, and
     *       told the real names, where it would otherwise believe that the argument had an effect.
     *   <li>Types that refer to themselves go through {@code $defs}.
     * </ul>
     *
     * <p>The records, and the packages they are in, are public (and exported, on the module path): Jackson calls their
     * constructors. Nothing needs to be opened.
     *
     * @param type a record class, or a generic type such as {@code new TypeReference<Page<Row>>() {}.getType()}
     * @throws InvalidSchema if the type, or an annotation on it, cannot be expressed
     */
    public static JsonSchema generate(Type type) {
        return new JsonSchema(RecordSchema.of(type), true);
    }

    /** A schema that was generated and then changed, and still keeps its promise about formats. */
    static JsonSchema checkingFormats(JsonNode schema) {
        return new JsonSchema(checkedCopy(schema), true);
    }

    /** A copy of the schema. To write it to the wire, write this object itself: that copies nothing. */
    public JsonNode node() {
        return node.deepCopy();
    }

    /**
     * Checks a value.
     *
     * @return what is wrong with it, the first twenty; empty if the value is valid
     */
    public List<Violation> validate(JsonNode instance) {
        return quick != null && quick.accepts(instance) ? List.of() : compiled.validate(instance);
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
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonSchema schema && schema.node.equals(node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    @Override
    public String toString() {
        return node.toString();
    }

    /** The schema itself, for readers in this package that promise not to change it. */
    JsonNode shared() {
        return node;
    }

    private static JsonNode checkedCopy(JsonNode schema) {
        if (!schema.isObject()) {
            throw new InvalidSchema("A schema is a JSON object, not " + schema.getNodeType());
        }
        SchemaBounds.check(schema);
        return schema.deepCopy();
    }
}
