package dev.mortise.mcp.json;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sealed interfaces of records, which Jackson tells apart by a property that names the type. */
final class SealedTypes {
    static boolean isUnion(Class<?> type) {
        return type.isSealed() && type.isInterface();
    }

    /** What the interface may be; the library writes it as {@code anyOf}. */
    @Nullable
    List<ResolvedType> subtypes(ResolvedType type, SchemaGenerationContext context) {
        if (!isUnion(type.getErasedType())) {
            return null;
        }
        discriminator(type.getErasedType());
        return names(type.getErasedType()).stream()
                .map(NamedType::getType)
                .map(subtype -> context.getTypeContext().resolveSubtype(type, subtype))
                .toList();
    }

    /** Jackson wants the type's name in a member of such a union wherever it stands. */
    void addTypeName(ObjectNode schema, ResolvedType type) {
        Class<?> union = union(type.getErasedType());
        if (union == null || !schema.path("type").asString("").equals("object")) {
            return;
        }
        String discriminator = discriminator(union);
        ObjectNode properties = Json.object();
        properties.putObject(discriminator).put("const", name(union, type.getErasedType()));
        ArrayNode required = Json.mapper().createArrayNode().add(discriminator);
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            properties.set(property.getKey(), property.getValue());
        }
        schema.path("required").forEach(required::add);
        schema.set("properties", properties);
        schema.set("required", required);
    }

    private static @Nullable Class<?> union(Class<?> type) {
        if (type.isRecord()) {
            for (Class<?> candidate : type.getInterfaces()) {
                if (isUnion(candidate) && candidate.isAnnotationPresent(JsonTypeInfo.class)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static String discriminator(Class<?> union) {
        DeserializationConfig config = Json.mapper().deserializationConfig();
        JsonTypeInfo.@Nullable Value info =
                config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, annotations(union));
        if (info == null
                || info.getIdType() != JsonTypeInfo.Id.NAME
                || info.getInclusionType() != JsonTypeInfo.As.PROPERTY) {
            throw new InvalidSchema(
                    "The sealed interface " + union.getSimpleName()
                            + " needs @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = \"…\"), so that its members can be told apart");
        }
        return info.getPropertyName();
    }

    private static String name(Class<?> union, Class<?> member) {
        return names(union).stream()
                .filter(named -> named.getType() == member)
                .map(NamedType::getName)
                .findFirst()
                .orElseThrow();
    }

    private static Collection<NamedType> names(Class<?> union) {
        DeserializationConfig config = Json.mapper().deserializationConfig();
        Collection<NamedType> names =
                config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotations(union));
        for (NamedType named : names) {
            if (!named.hasName() || !named.getType().isRecord()) {
                throw new InvalidSchema("The member " + named.getType().getSimpleName() + " of the sealed interface "
                        + union.getSimpleName() + " must be a record with a @JsonTypeName");
            }
        }
        return names;
    }

    private static AnnotatedClass annotations(Class<?> type) {
        JavaType javaType = Json.mapper().constructType(type);
        return Json.mapper().deserializationConfig().classIntrospectorInstance().introspectClassAnnotations(javaType);
    }
}
