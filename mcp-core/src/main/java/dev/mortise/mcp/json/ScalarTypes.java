package dev.mortise.mcp.json;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.TypeContext;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which Java types can stand in a record, and how those that are no records look in JSON. */
final class ScalarTypes {
    private static final Set<Class<?>> WHOLE = Set.of(
            int.class,
            Integer.class,
            long.class,
            Long.class,
            short.class,
            Short.class,
            byte.class,
            Byte.class,
            BigInteger.class);
    private static final Set<Class<?>> FRACTIONAL =
            Set.of(double.class, Double.class, float.class, Float.class, BigDecimal.class, Number.class);
    private static final Set<Class<?>> BOOLEAN = Set.of(boolean.class, Boolean.class);
    private static final Set<Class<?>> PLAIN_TEXT = Set.of(String.class, CharSequence.class);

    /** Written as text; where the value is empty, JSON Schema has no format that fits. */
    private static final Map<Class<?>, String> FORMATTED_TEXT = Map.ofEntries(
            Map.entry(LocalDate.class, "date"),
            Map.entry(Instant.class, "date-time"),
            Map.entry(OffsetDateTime.class, "date-time"),
            Map.entry(ZonedDateTime.class, "date-time"),
            Map.entry(Duration.class, "duration"),
            Map.entry(UUID.class, "uuid"),
            Map.entry(URI.class, "uri"),
            Map.entry(LocalDateTime.class, ""),
            Map.entry(LocalTime.class, ""));

    private static final Map<Class<?>, Class<?>> PRIMITIVE_OPTIONALS = Map.of(
            OptionalInt.class, Integer.class, OptionalLong.class, Long.class, OptionalDouble.class, Double.class);

    private ScalarTypes() {}

    static @Nullable CustomDefinition definition(ResolvedType type, SchemaGenerationContext context) {
        Class<?> erased = type.getErasedType();
        ObjectNode schema = Json.object();
        if (WHOLE.contains(erased)) {
            schema.put("type", "integer");
        } else if (FRACTIONAL.contains(erased)) {
            schema.put("type", "number");
        } else if (BOOLEAN.contains(erased)) {
            schema.put("type", "boolean");
        } else if (isText(type)) {
            text(erased, schema);
        } else if (!isAnyJson(erased)) {
            return null;
        }
        return new CustomDefinition(
                schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.NO);
    }

    private static void text(Class<?> type, ObjectNode schema) {
        schema.put("type", "string");
        String format = FORMATTED_TEXT.getOrDefault(type, "");
        if (!format.isEmpty()) {
            schema.put("format", format);
        }
        if (type.isEnum()) {
            ArrayNode constants = schema.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                JsonNode name = Json.tree(constant);
                if (!name.isString()) {
                    throw new InvalidSchema(
                            type.getSimpleName() + "." + constant + " is not written as text; an enum is");
                }
                constants.add(name);
            }
        }
    }

    /** The arguments of a tool and the content of a form are objects: a record, or a map. */
    static void requireObject(Type type) {
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        if (!(raw instanceof Class<?> erased) || !(erased.isRecord() || Map.class.isAssignableFrom(erased))) {
            throw new InvalidSchema(type.getTypeName() + " is not a record; declare one, or write the schema by hand");
        }
        requireReachable(erased);
    }

    static void requireSupported(ResolvedType type, String where) {
        Class<?> erased = type.getErasedType();
        if (isOptional(erased)) {
            throw new InvalidSchema(where + " has an Optional inside another type; only a component itself can be one");
        }
        requireReachable(erased);
        if (type.isArray()) {
            requireSupported(type.getArrayElementType(), where);
        } else if (type.isInstanceOf(Collection.class)) {
            type.typeParametersFor(Collection.class).forEach(item -> requireSupported(item, where));
        } else if (type.isInstanceOf(Map.class) && !isAnyJson(erased)) {
            requireMap(type, where);
        } else if (!isScalar(type) && !isAnyJson(erased) && !erased.isRecord() && !SealedTypes.isUnion(erased)) {
            throw new InvalidSchema(where + " has the type " + erased.getSimpleName()
                    + ", which no schema is known for; " + "use a record, or write the schema by hand");
        }
    }

    /** Found here rather than when the first call arrives: a module keeps its records from Jackson. */
    private static void requireReachable(Class<?> type) {
        Module jackson = JsonNode.class.getModule();
        boolean exported =
                Modifier.isPublic(type.getModifiers()) && type.getModule().isExported(type.getPackageName(), jackson);
        if (type.isRecord() && !exported && !type.getModule().isOpen(type.getPackageName(), jackson)) {
            throw new InvalidSchema(
                    "The record " + type.getSimpleName() + " cannot be made by Jackson; make it public and "
                            + "export its package, or open the package to " + jackson.getName());
        }
    }

    private static void requireMap(ResolvedType type, String where) {
        var parameters = type.typeParametersFor(Map.class);
        if (parameters.size() == 2) {
            if (!isText(parameters.get(0)) && parameters.get(0).getErasedType() != Object.class) {
                throw new InvalidSchema(where + " is a map whose keys are not text");
            }
            requireSupported(parameters.get(1), where);
        }
    }

    static boolean isOptional(Class<?> type) {
        return type == Optional.class || PRIMITIVE_OPTIONALS.containsKey(type);
    }

    static @Nullable ResolvedType insideOptional(ResolvedType type, TypeContext context) {
        Class<?> primitive = PRIMITIVE_OPTIONALS.get(type.getErasedType());
        if (primitive != null) {
            return context.resolve(primitive);
        }
        if (type.getErasedType() != Optional.class) {
            return null;
        }
        return type.getTypeParameters().isEmpty()
                ? context.resolve(Object.class)
                : type.getTypeParameters().get(0);
    }

    static boolean isText(ResolvedType type) {
        return isPlainText(type)
                || FORMATTED_TEXT.containsKey(type.getErasedType())
                || type.getErasedType().isEnum();
    }

    static boolean isPlainText(ResolvedType type) {
        return PLAIN_TEXT.contains(type.getErasedType());
    }

    static boolean isBoolean(ResolvedType type) {
        return BOOLEAN.contains(type.getErasedType());
    }

    static boolean isWholeNumber(ResolvedType type) {
        return WHOLE.contains(type.getErasedType());
    }

    static boolean isNumber(ResolvedType type) {
        return isWholeNumber(type) || FRACTIONAL.contains(type.getErasedType());
    }

    private static boolean isScalar(ResolvedType type) {
        return isText(type) || isNumber(type) || isBoolean(type);
    }

    private static boolean isAnyJson(Class<?> type) {
        return type == Object.class || JsonNode.class.isAssignableFrom(type);
    }
}
