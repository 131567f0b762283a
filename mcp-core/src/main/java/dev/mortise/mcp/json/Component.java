package dev.mortise.mcp.json;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.FieldScope;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.node.JsonNodeFactory;

/** One component of a record, as the annotations on it describe it. Refuses annotations that do not fit its type. */
final class Component {
    private final RecordComponent component;
    private final int position;
    private final ResolvedType type;

    private Component(RecordComponent component, int position, ResolvedType type) {
        this.component = component;
        this.position = position;
        this.type = type;
    }

    static boolean isComponent(FieldScope field) {
        Class<?> owner = field.getRawMember().getDeclaringClass();
        if (!owner.isRecord() || field.isStatic()) {
            return false;
        }
        Component component = of(field);
        ScalarTypes.requireSupported(component.type, component.toString());
        component.requireFitting();
        return true;
    }

    static Component of(FieldScope field) {
        RecordComponent[] components = field.getRawMember().getDeclaringClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(field.getRawMember().getName())) {
                ResolvedType declared = field.getDeclaredType();
                ResolvedType inside = ScalarTypes.insideOptional(declared, field.getContext());
                return new Component(components[i], i, inside == null ? declared : inside);
            }
        }
        throw new IllegalStateException(field + " is not a record component");
    }

    int position() {
        return position;
    }

    String jsonName() {
        JavaType owner = Json.mapper().constructType(component.getDeclaringRecord());
        ClassIntrospector introspector = Json.mapper().deserializationConfig().classIntrospectorInstance();
        BeanDescription description =
                introspector.introspectForDeserialization(owner, introspector.introspectClassAnnotations(owner));
        return description.findProperties().stream()
                .filter(property -> property.getInternalName().equals(component.getName()))
                .map(BeanPropertyDefinition::getName)
                .findFirst()
                .orElseThrow(() -> refused("is ignored by Jackson, which would leave it unset; remove the annotation"));
    }

    boolean isRequired() {
        return !ScalarTypes.isOptional(component.getType())
                && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                && !component.isAnnotationPresent(DefaultValue.class);
    }

    @Nullable
    String description() {
        Description description = component.getAnnotation(Description.class);
        return description == null ? null : description.value();
    }

    @Nullable
    String title() {
        Title title = component.getAnnotation(Title.class);
        return title == null ? null : title.value();
    }

    @Nullable
    JsonNode defaultValue() {
        DefaultValue value = component.getAnnotation(DefaultValue.class);
        if (value == null) {
            return null;
        }
        if (ScalarTypes.isText(type)) {
            return JsonNodeFactory.instance.stringNode(value.value());
        }
        try {
            return Json.parse(value.value());
        } catch (JacksonException e) {
            throw refused("has a default value that is not JSON: " + value.value());
        }
    }

    @Nullable
    BigDecimal minimum() {
        Bounds bounds = component.getAnnotation(Bounds.class);
        return bounds == null ? null : decimal(bounds.min());
    }

    @Nullable
    BigDecimal maximum() {
        Bounds bounds = component.getAnnotation(Bounds.class);
        return bounds == null ? null : decimal(bounds.max());
    }

    @Nullable
    Integer minimumLength() {
        return ScalarTypes.isText(type) ? least() : null;
    }

    @Nullable
    Integer maximumLength() {
        return ScalarTypes.isText(type) ? most() : null;
    }

    @Nullable
    Integer minimumItems() {
        return isList() ? least() : null;
    }

    @Nullable
    Integer maximumItems() {
        return isList() ? most() : null;
    }

    @Nullable
    Boolean uniqueItems() {
        return type.isInstanceOf(Set.class) ? true : null;
    }

    @Nullable
    String pattern() {
        Matches matches = component.getAnnotation(Matches.class);
        return matches == null ? null : matches.value();
    }

    @Nullable
    String format() {
        Format format = component.getAnnotation(Format.class);
        return format == null ? null : format.value();
    }

    @Nullable
    String header() {
        McpHeader header = component.getAnnotation(McpHeader.class);
        return header == null ? null : header.value();
    }

    @Override
    public String toString() {
        return "Component '" + component.getName() + "' of "
                + component.getDeclaringRecord().getSimpleName();
    }

    private void requireFitting() {
        requireFitting(Bounds.class, ScalarTypes.isNumber(type), "numbers");
        requireFitting(Length.class, ScalarTypes.isPlainText(type) || isList(), "text and lists");
        requireFitting(Matches.class, ScalarTypes.isPlainText(type), "text");
        requireFitting(Format.class, ScalarTypes.isPlainText(type), "text");
        requireFitting(
                McpHeader.class,
                ScalarTypes.isText(type) || ScalarTypes.isBoolean(type) || ScalarTypes.isWholeNumber(type),
                "text, whole numbers and booleans");
        Format format = component.getAnnotation(Format.class);
        if (format != null && !Formats.isChecked(format.value())) {
            throw refused("has the unknown format '" + format.value() + "'; use one of: " + Formats.names());
        }
        Bounds bounds = component.getAnnotation(Bounds.class);
        if (bounds != null && !(bounds.min() <= bounds.max())) {
            throw refused("has @Bounds with min above max");
        }
        Length length = component.getAnnotation(Length.class);
        if (length != null && (length.min() < 0 || length.min() > length.max())) {
            throw refused("has @Length with min below zero or above max");
        }
        String regex = pattern();
        if (regex != null) {
            try {
                BoundedRegex.of(regex);
            } catch (InvalidSchema e) {
                throw refused("has @Matches that cannot be used. " + e.getMessage());
            }
        }
    }

    private void requireFitting(Class<? extends Annotation> annotation, boolean fits, String what) {
        if (component.isAnnotationPresent(annotation) && !fits) {
            throw refused("has @" + annotation.getSimpleName() + ", which is for " + what + " only");
        }
    }

    private InvalidSchema refused(String why) {
        return new InvalidSchema(this + " " + why);
    }

    private boolean isList() {
        return type.isArray() || type.isInstanceOf(Collection.class);
    }

    private @Nullable Integer least() {
        Length length = component.getAnnotation(Length.class);
        return length == null || length.min() == 0 ? null : length.min();
    }

    private @Nullable Integer most() {
        Length length = component.getAnnotation(Length.class);
        return length == null || length.max() == Integer.MAX_VALUE ? null : length.max();
    }

    private static @Nullable BigDecimal decimal(double bound) {
        if (Double.isInfinite(bound)) {
            return null;
        }
        BigDecimal decimal = BigDecimal.valueOf(bound).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }
}
