package dev.mortise.mcp.json;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.ConfigFunction;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.MemberScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigPart;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Generates the schema of a record: what the generator library is told about Jackson's and Mortise's rules. */
final class RecordSchema {
    private RecordSchema() {}

    static JsonNode of(Type type) {
        ScalarTypes.requireObject(type);
        ObjectNode generated = generator().generateSchema(type);
        SchemaBounds.check(generated);
        // Read back, so that it equals the same schema when that was written by hand.
        JsonNode schema = Json.parse(generated.toString());
        DefaultValues.check(schema, type);
        return schema;
    }

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        Json.mapper(), SchemaVersion.DRAFT_2020_12, new OptionPreset())
                .with(
                        Option.NONPUBLIC_NONSTATIC_FIELDS_WITH_GETTERS,
                        Option.NONPUBLIC_NONSTATIC_FIELDS_WITHOUT_GETTERS,
                        Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.ALLOF_CLEANUP_AT_THE_END,
                        Option.DUPLICATE_MEMBER_ATTRIBUTE_CLEANUP_AT_THE_END,
                        Option.PLAIN_DEFINITION_KEYS);
        SealedTypes sealedTypes = new SealedTypes();
        config.forTypesInGeneral()
                .withCustomDefinitionProvider(ScalarTypes::definition)
                .withSubtypeResolver(sealedTypes::subtypes)
                .withTypeAttributeOverride((schema, scope, context) -> sealedTypes.addTypeName(schema, scope.getType()))
                .withDescriptionResolver(RecordSchema::typeDescription)
                .withTitleResolver(RecordSchema::typeTitle)
                .withPropertySorter(Comparator.comparingInt(RecordSchema::position));
        components(config.forFields());
        return new SchemaGenerator(config.build());
    }

    private static void components(SchemaGeneratorConfigPart<FieldScope> fields) {
        fields.withIgnoreCheck(field -> !Component.isComponent(field))
                .withTargetTypeOverridesResolver(RecordSchema::insideOptional)
                .withPropertyNameOverrideResolver(field -> Component.of(field).jsonName())
                .withRequiredCheck(field -> Component.of(field).isRequired())
                .withDescriptionResolver(on(Component::description))
                .withTitleResolver(on(Component::title))
                .withNumberInclusiveMinimumResolver(on(Component::minimum))
                .withNumberInclusiveMaximumResolver(on(Component::maximum))
                .withStringMinLengthResolver(on(Component::minimumLength))
                .withStringMaxLengthResolver(on(Component::maximumLength))
                .withArrayMinItemsResolver(on(Component::minimumItems))
                .withArrayMaxItemsResolver(on(Component::maximumItems))
                .withArrayUniqueItemsResolver(on(Component::uniqueItems))
                .withStringPatternResolver(on(Component::pattern))
                .withStringFormatResolver(on(Component::format))
                .withInstanceAttributeOverride((schema, field, context) -> {
                    if (!field.isFakeContainerItemScope()) {
                        addOwnKeywords(schema, Component.of(field));
                    }
                });
    }

    private static void addOwnKeywords(ObjectNode schema, Component component) {
        JsonNode defaultValue = component.defaultValue();
        if (defaultValue != null) {
            schema.set("default", defaultValue);
        }
        String header = component.header();
        if (header != null) {
            schema.put("x-mcp-header", header);
        }
    }

    /** Annotations are about the component itself; the library asks for the items of a list as well. */
    private static <T> ConfigFunction<FieldScope, @Nullable T> on(Function<Component, @Nullable T> attribute) {
        return field -> field.isFakeContainerItemScope() ? null : attribute.apply(Component.of(field));
    }

    private static @Nullable List<ResolvedType> insideOptional(FieldScope field) {
        ResolvedType inside = field.isFakeContainerItemScope()
                ? null
                : ScalarTypes.insideOptional(field.getDeclaredType(), field.getContext());
        return inside == null ? null : List.of(inside);
    }

    private static @Nullable String typeDescription(TypeScope scope) {
        Description description = scope.getType().getErasedType().getAnnotation(Description.class);
        return description == null ? null : description.value();
    }

    private static @Nullable String typeTitle(TypeScope scope) {
        Title title = scope.getType().getErasedType().getAnnotation(Title.class);
        return title == null ? null : title.value();
    }

    private static int position(MemberScope<?, ?> member) {
        return member instanceof FieldScope field ? Component.of(field).position() : Integer.MAX_VALUE;
    }
}
