package dev.mortise.rag.discovery;

import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.schema.PromptArgument;
import dev.mortise.mcp.schema.PromptDefinition;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ResourceTemplateDefinition;
import dev.mortise.mcp.schema.ToolDefinition;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an entry says about itself, by where it says it.
 *
 * @param key what tells it from its like: a name, a URI
 */
record Described(String key, Map<Field, String> texts) {
    /** Where something is said, and how much that counts. */
    enum Field {
        NAME("name", "名称", 3.0),
        TITLE("title", "标题", 2.0),
        DESCRIPTION("description", "说明", 1.6),
        ARGUMENT("arguments", "参数", 0.7),
        ARGUMENT_DESCRIPTION("descriptions of the arguments", "参数的说明", 0.5),
        VALUE("values of the arguments", "参数的取值", 0.5);

        private final String english;
        private final String chinese;
        private final double weight;

        Field(String english, String chinese, double weight) {
            this.english = english;
            this.chinese = chinese;
            this.weight = weight;
        }

        String in(Language language) {
            return language.of(english, chinese);
        }

        double weight() {
            return weight;
        }
    }

    /** Nested deeper than this, arguments say little about what a tool is for. */
    private static final int DEEPEST = 4;

    /** More text than this of one field is not read. */
    private static final int LONGEST = 4_000;

    static Described of(ToolDefinition tool) {
        Builder described =
                new Builder(tool.name()).add(Field.NAME, tool.name()).add(Field.TITLE, tool.title());
        if (tool.annotations() != null) {
            described.add(Field.TITLE, tool.annotations().title());
        }
        described.add(Field.DESCRIPTION, tool.description());
        described.schema(tool.inputSchema(), 0);
        return described.build();
    }

    static Described of(ResourceDefinition resource) {
        return new Builder(resource.uri())
                .add(Field.NAME, resource.name())
                .add(Field.TITLE, resource.title())
                .add(Field.DESCRIPTION, resource.description())
                .add(Field.ARGUMENT, resource.uri())
                .add(Field.VALUE, resource.mimeType())
                .build();
    }

    static Described of(ResourceTemplateDefinition template) {
        return new Builder(template.uriTemplate())
                .add(Field.NAME, template.name())
                .add(Field.TITLE, template.title())
                .add(Field.DESCRIPTION, template.description())
                .add(Field.ARGUMENT, template.uriTemplate())
                .add(Field.VALUE, template.mimeType())
                .build();
    }

    static Described of(PromptDefinition prompt) {
        Builder described = new Builder(prompt.name())
                .add(Field.NAME, prompt.name())
                .add(Field.TITLE, prompt.title())
                .add(Field.DESCRIPTION, prompt.description());
        for (PromptArgument argument : prompt.arguments()) {
            described.add(Field.ARGUMENT, argument.name()).add(Field.ARGUMENT_DESCRIPTION, argument.description());
        }
        return described.build();
    }

    private static final class Builder {
        private final String key;
        private final Map<Field, StringBuilder> texts = new EnumMap<>(Field.class);

        Builder(String key) {
            this.key = key;
        }

        Builder add(Field field, @Nullable String text) {
            if (text != null && !text.isBlank()) {
                StringBuilder all = texts.computeIfAbsent(field, none -> new StringBuilder());
                int room = LONGEST - all.length();
                // A full stop between two texts: what ends one and begins the other is no phrase.
                all.append(text, 0, Math.max(0, Math.min(room, text.length()))).append(" . ");
            }
            return this;
        }

        void schema(JsonNode schema, int depth) {
            if (depth > DEEPEST) {
                return;
            }
            schema.path("properties").propertyStream().forEach(property -> {
                add(Field.ARGUMENT, property.getKey());
                JsonNode value = property.getValue();
                add(Field.ARGUMENT_DESCRIPTION, value.path("title").asString(""));
                add(Field.ARGUMENT_DESCRIPTION, value.path("description").asString(""));
                value.path("enum").valueStream().forEach(each -> add(Field.VALUE, each.asString("")));
                schema(value, depth + 1);
                schema(value.path("items"), depth + 1);
            });
        }

        Described build() {
            Map<Field, String> plain = new EnumMap<>(Field.class);
            texts.forEach((field, text) -> plain.put(field, text.toString()));
            return new Described(key, plain);
        }
    }
}
