package dev.mortise.mcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class QuickCheckTest {
    public enum Size {
        SMALL,
        LARGE
    }

    public record Line(String product, int quantity, Optional<Double> discount) {}

    public record Order(List<Line> lines, boolean express, Size size) {}

    /** The library is asked about everything: whatever is accepted in passing, it finds valid too. */
    @Property(tries = 3_000)
    void acceptsNothingThatTheLibraryRejects(@ForAll long seed) {
        Random random = new Random(seed);
        JsonNode schema = schema(random, 0);
        QuickCheck quick = QuickCheck.of(schema);
        assertThat(quick).as("%s", schema).isNotNull();
        CompiledSchema library = CompiledSchema.of(schema, true);
        for (int i = 0; i < 5; i++) {
            JsonNode value = value(random, schema, 0);
            if (quick.accepts(value)) {
                assertThat(library.validate(value))
                        .as("%s against %s", value, schema)
                        .isEmpty();
            }
        }
    }

    @Test
    void acceptsWhatARecordUsuallyGets() {
        QuickCheck order = QuickCheck.of(JsonSchema.generate(Order.class).node());

        assertThat(order).isNotNull();
        assertThat(order.accepts(Json.parse("""
                {"lines": [{"product": "nail", "quantity": 3}, {"product": "screw", "quantity": 1, "discount": 0.5}],
                 "express": false, "size": "LARGE"}
                """))).isTrue();
        assertThat(order.accepts(Json.parse("{\"lines\": [], \"express\": false, \"size\": \"HUGE\"}")))
                .isFalse();
        assertThat(order.accepts(Json.parse("{\"lines\": [], \"express\": false}")))
                .isFalse();
        assertThat(order.accepts(Json.parse("{\"lines\": [], \"express\": 1, \"size\": \"LARGE\"}")))
                .isFalse();
        assertThat(order.accepts(Json.parse("{\"lines\": [], \"express\": true, \"size\": \"LARGE\", \"x\": 1}")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\": [\"string\", \"null\"]}",
                "{\"type\": \"string\", \"format\": \"date\"}",
                "{\"type\": \"string\", \"maxLength\": 3}",
                "{\"type\": \"string\", \"enum\": [1, null]}",
                "{\"type\": \"integer\", \"minimum\": 0}",
                "{\"type\": \"object\", \"properties\": {}}",
                "{\"type\": \"object\", \"properties\": {}, \"additionalProperties\": true}",
                "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"a\"]}",
                "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}",
                "{\"type\": \"array\"}",
                "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"uniqueItems\": true}",
                "{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"type\": \"string\"}"
            })
    void leavesToTheLibraryWhatItDoesNotKnow(String schema) {
        assertThat(QuickCheck.of(Json.parse(schema))).isNull();
    }

    private static JsonNode schema(Random random, int depth) {
        ObjectNode schema = Json.object();
        switch (random.nextInt(depth < 3 ? 7 : 5)) {
            case 0 -> schema.put("type", "string");
            case 1 -> schema.put("type", "integer").put("description", "a number");
            case 2 -> schema.put("type", "number");
            case 3 -> schema.put("type", "boolean");
            case 4 -> schema.put("type", "string").putArray("enum").add("a").add("b");
            case 5 -> schema.put("type", "array").set("items", schema(random, depth + 1));
            default -> {
                schema.put("type", "object").put("additionalProperties", false);
                ObjectNode properties = schema.putObject("properties");
                ArrayNode required = Json.mapper().createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    properties.set("p" + i, schema(random, depth + 1));
                    if (random.nextBoolean()) {
                        required.add("p" + i);
                    }
                }
                if (random.nextBoolean() || !required.isEmpty()) {
                    schema.set("required", required);
                }
            }
        }
        return schema;
    }

    /** Mostly what the schema asks for, now and then something else. */
    private static JsonNode value(Random random, JsonNode schema, int depth) {
        if (random.nextInt(12) == 0) {
            return anything(random);
        }
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (schema.get("type").stringValue()) {
            case "string" -> json.stringNode(List.of("a", "b", "c").get(random.nextInt(3)));
            case "integer" -> random.nextInt(4) == 0 ? json.numberNode(2.0) : json.numberNode(random.nextLong());
            case "number" -> json.numberNode(random.nextDouble());
            case "boolean" -> json.booleanNode(random.nextBoolean());
            case "array" -> {
                ArrayNode array = json.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(value(random, schema.get("items"), depth + 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = json.objectNode();
                for (var property : schema.get("properties").properties()) {
                    if (random.nextInt(6) > 0) {
                        object.set(property.getKey(), value(random, property.getValue(), depth + 1));
                    }
                }
                if (random.nextInt(10) == 0) {
                    object.put("stranger", 1);
                }
                yield object;
            }
        };
    }

    private static JsonNode anything(Random random) {
        return Json.parse(List.of("null", "1", "1.5", "1e400", "\"a\"", "true", "[]", "{}", "123456789012345678901234")
                .get(random.nextInt(9)));
    }
}
