package dev.mortise.mcp.json;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One field of a form: a generated property schema, cut down to what elicitation allows. */
final class FormField {
    private static final Set<String> FORMATS = Set.of("email", "uri", "date", "date-time");

    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "string", Set.of("type", "title", "description", "default", "minLength", "maxLength", "format", "enum"),
            "number", Set.of("type", "title", "description", "default", "minimum", "maximum"),
            "integer", Set.of("type", "title", "description", "default", "minimum", "maximum"),
            "boolean", Set.of("type", "title", "description", "default"),
            "array", Set.of("type", "title", "description", "default", "minItems", "maxItems", "items"));

    /** Checked when the form comes back, but not for the client to know. */
    private static final Set<String> OURS = Set.of("uniqueItems");

    private FormField() {}

    static ObjectNode of(ObjectNode property, JavaType component, String where) {
        String type = property.path("type").asString("");
        Set<String> keywords = KEYWORDS.get(type);
        if (keywords == null) {
            throw new InvalidSchema(
                    where + " is nested; a form is flat: ask for text, numbers, booleans, dates and enums");
        }
        ObjectNode field = Json.object();
        for (Map.Entry<String, JsonNode> keyword : property.properties()) {
            if (keywords.contains(keyword.getKey())) {
                field.set(keyword.getKey(), keyword.getValue());
            } else if (!OURS.contains(keyword.getKey())) {
                throw new InvalidSchema(where + " has '" + keyword.getKey()
                        + "', which no form can carry; check it in the constructor of the record");
            }
        }
        if (!FORMATS.contains(field.path("format").asString(""))) {
            field.remove("format");
        }
        Class<?> choices = enumIn(component);
        if (type.equals("array")) {
            requireChoices(choices, where);
        }
        return choices == null ? field : withTitles(field, choices, type.equals("array"));
    }

    private static void requireChoices(@Nullable Class<?> choices, String where) {
        if (choices == null) {
            throw new InvalidSchema(where + " is a list; in a form only a list of an enum can be one");
        }
    }

    /** The enum that a component is, is a list of, or may be. */
    private static @Nullable Class<?> enumIn(JavaType component) {
        JavaType type = component;
        while (type.hasContentType() && (type.isReferenceType() || type.isContainerType())) {
            type = type.getContentType();
        }
        return type.isEnumType() ? type.getRawClass() : null;
    }

    private static ObjectNode withTitles(ObjectNode field, Class<?> choices, boolean many) {
        ArrayNode titled = Json.mapper().createArrayNode();
        boolean any = false;
        for (Object constant : choices.getEnumConstants()) {
            String value = Json.tree(constant).stringValue();
            String title = title(choices, ((Enum<?>) constant).name());
            any |= title != null;
            titled.addObject().put("const", value).put("title", title == null ? value : title);
        }
        if (any && many) {
            field.putObject("items").set("anyOf", titled);
        } else if (any) {
            field.remove("enum");
            field.set("oneOf", titled);
        }
        return field;
    }

    private static @Nullable String title(Class<?> choices, String constant) {
        try {
            Title title = choices.getField(constant).getAnnotation(Title.class);
            return title == null ? null : title.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
