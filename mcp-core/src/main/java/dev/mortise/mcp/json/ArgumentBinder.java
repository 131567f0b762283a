package dev.mortise.mcp.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;

/**
 * Turns the JSON arguments of a call into a value of the type a handler works with. Immutable and thread-safe; made
 * once, used for every call.
 *
 * <p>The arguments are completed, validated, and converted:
 *
 * <ol>
 *   <li>Absent arguments as a whole count as {@code {}}. A property that is absent gets the {@code default} of its
 *       schema. A property that is {@code null}, is not required, and whose schema does not allow {@code null}, counts as
 *       absent: models write {@code null} for "nothing" all the time, and nothing is lost by understanding it. This
 *       follows {@code properties}, {@code items}, {@code additionalProperties} and local {@code $ref}s to nested objects,
 *       not {@code anyOf} and the like.
 *   <li>The result is validated against the schema.
 *   <li>Jackson converts it. An absent {@code Optional} becomes empty, an absent {@code @Nullable} component {@code null}.
 * </ol>
 *
 * <p>What fails at any step is reported as {@link Violation}s. Of an exception from a record's constructor only the
 * message of a plain {@code IllegalArgumentException} is passed on, because its author wrote it for whoever passed the
 * argument; all other messages could name classes, and are replaced.
 */
public final class ArgumentBinder<T> {
    private final JsonSchema schema;
    private final Completion completion;
    private final ObjectReader reader;

    private ArgumentBinder(JavaType type, JsonSchema schema) {
        this.schema = schema;
        this.completion = Completion.of(schema.shared());
        this.reader = Json.mapper().readerFor(type);
    }

    /**
     * A binder to a record, by the schema generated from it.
     *
     * @throws InvalidSchema see {@link JsonSchema#generate}
     */
    public static <T> ArgumentBinder<T> of(Class<T> type) {
        return of(type, JsonSchema.generate(type));
    }

    /** A binder to a class, by a schema of one's own. */
    public static <T> ArgumentBinder<T> of(Class<T> type, JsonSchema schema) {
        return new ArgumentBinder<>(Json.mapper().constructType(type), schema);
    }

    /** A binder to a generic type, by a schema of one's own. */
    public static <T> ArgumentBinder<T> of(TypeReference<T> type, JsonSchema schema) {
        return new ArgumentBinder<>(Json.mapper().constructType(type), schema);
    }

    /** The schema that values are held to. */
    public JsonSchema schema() {
        return schema;
    }

    /**
     * Binds arguments, which are not changed.
     *
     * @param arguments the arguments as they came, or {@code null} where there were none
     * @throws InvalidSchema if the type cannot be made from JSON at all, whatever the arguments
     */
    public Bound<T> bind(@Nullable JsonNode arguments) {
        JsonNode given =
                arguments == null || arguments.isNull() || arguments.isMissingNode() ? Json.object() : arguments;
        JsonNode complete = completion.complete(given);
        List<Violation> violations = schema.validate(complete);
        if (!violations.isEmpty()) {
            return new Bound.Invalid<>(violations);
        }
        try {
            return new Bound.Value<>(reader.<T>readValue(complete));
        } catch (InvalidDefinitionException e) {
            throw new InvalidSchema(
                    "Jackson cannot make the type " + e.getType()
                            + "; is it public, in an exported package, with a canonical constructor? "
                            + e.getOriginalMessage(),
                    e);
        } catch (JacksonException e) {
            return new Bound.Invalid<>(List.of(ConversionFailure.of(e)));
        }
    }
}
