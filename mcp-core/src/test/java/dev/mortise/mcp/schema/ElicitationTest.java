package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ElicitationTest {
    private static final List<EnumOption> COLOURS =
            List.of(EnumOption.of("#f00", "Red"), EnumOption.of("#00f", "Blue"));

    @Test
    void aFormHasFieldsOfEveryKind() {
        RequestedSchema form = RequestedSchema.builder()
                .required(
                        "mail",
                        StringSchema.of()
                                .withTitle("Mail")
                                .withDescription("d")
                                .withLength(3, 50)
                                .withFormat(StringFormat.EMAIL)
                                .withDefault("a@example.com"))
                .optional(
                        "age",
                        NumberSchema.integer().withMinimum(18).withMaximum(150).withDefault(30))
                .optional("share", NumberSchema.number().withMinimum(new BigDecimal("0.5")))
                .required("agree", BooleanSchema.of().withTitle("OK?").withDefault(false))
                .optional(
                        "size",
                        UntitledSingleSelectEnumSchema.of(List.of("S", "L")).withDefault("L"))
                .optional("colour", TitledSingleSelectEnumSchema.of(COLOURS).withTitle("Colour"))
                .optional(
                        "days",
                        UntitledMultiSelectEnumSchema.of(List.of("Mo", "Tu")).withCount(1, 2))
                .optional("mix", TitledMultiSelectEnumSchema.of(COLOURS).withDefault(List.of("#f00")))
                .build();
        String json = """
                {"type": "object", "required": ["mail", "agree"], "properties": {
                  "mail": {"type": "string", "title": "Mail", "description": "d", "minLength": 3, "maxLength": 50,
                           "format": "email", "default": "a@example.com"},
                  "age": {"type": "integer", "minimum": 18, "maximum": 150, "default": 30},
                  "share": {"type": "number", "minimum": 0.5},
                  "agree": {"type": "boolean", "title": "OK?", "default": false},
                  "size": {"type": "string", "enum": ["S", "L"], "default": "L"},
                  "colour": {"type": "string", "title": "Colour",
                             "oneOf": [{"const": "#f00", "title": "Red"}, {"const": "#00f", "title": "Blue"}]},
                  "days": {"type": "array", "minItems": 1, "maxItems": 2,
                           "items": {"type": "string", "enum": ["Mo", "Tu"]}},
                  "mix": {"type": "array", "default": ["#f00"],
                          "items": {"anyOf": [{"const": "#f00", "title": "Red"}, {"const": "#00f", "title": "Blue"}]}}}}
                """;
        assertSame(form, json);
        RequestedSchema read = decode(json, RequestedSchema.class);
        assertThat(read).isEqualTo(form);
        assertThat(read.properties().keySet())
                .containsExactly("mail", "age", "share", "agree", "size", "colour", "days", "mix");
    }

    @Test
    void theOldFormOfTitlesIsKept() {
        var field = LegacyTitledEnumSchema.of(COLOURS).withDefault("#f00");
        String json = """
                {"type": "string", "enum": ["#f00", "#00f"], "enumNames": ["Red", "Blue"], "default": "#f00"}""";
        assertSame(field, json);
        assertThat(decode(json, PrimitiveSchemaDefinition.class)).isEqualTo(field);
    }

    @Test
    void aDialectIsKept() {
        String json =
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"properties\":{}}";
        assertSame(decode(json, RequestedSchema.class), json);
    }

    @Test
    void aQuestionWithoutAModeIsAForm() {
        var params = decode(
                "{\"message\":\"m\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}",
                ElicitRequestParams.class);
        assertThat(params).isInstanceOf(ElicitRequestFormParams.class);
        assertThat(encode(params).has("mode")).isFalse();
        assertThat(encode(ElicitRequest.form("m", RequestedSchema.builder().build()))
                        .at("/params/mode")
                        .stringValue())
                .isEqualTo("form");
    }

    @Test
    void aQuestionMaySendTheUserElsewhere() {
        assertSame(ElicitRequest.url("m", "https://example.com/key"), """
                {"method": "elicitation/create",
                 "params": {"mode": "url", "message": "m", "url": "https://example.com/key"}}""");
    }

    @Test
    void anAnswerIsToldApartByItsMembers() {
        assertThat(decode("{\"_meta\":{},\"action\":\"cancel\"}", InputResponse.class))
                .isEqualTo(ElicitResult.cancel());
        assertThat(decode("{\"action\":\"accept\"}", InputResponse.class)).isEqualTo(ElicitResult.accept());
        assertThat(decode("{\"content\":{\"a\":[\"x\"]},\"action\":\"accept\"}", InputResponse.class))
                .isEqualTo(ElicitResult.accept((ObjectNode) Json.parse("{\"a\":[\"x\"]}")));
        assertThat(decode("{\"roots\":[{\"uri\":\"file:///a\",\"name\":\"A\"}]}", InputResponse.class))
                .isEqualTo(ListRootsResult.of(List.of(Root.of("file:///a").withName("A"))));
        assertThat(decode(
                        "{\"content\":{\"type\":\"text\",\"text\":\"x\"},\"role\":\"assistant\",\"model\":\"m\"}",
                        InputResponse.class))
                .isEqualTo(CreateMessageResult.of("m", TextContent.of("x")));
    }
}
