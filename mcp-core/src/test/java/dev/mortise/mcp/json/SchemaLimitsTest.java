package dev.mortise.mcp.json;

import static dev.mortise.mcp.json.JsonSchemaTest.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Hostile schemas and values end in an answer, soon. */
class SchemaLimitsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void refusesASchemaThatNestsTooDeep() {
        JsonNode deep = Json.object();
        for (int i = 0; i < 100_000; i++) {
            deep = Json.object().set("not", deep);
        }
        JsonNode schema = deep;
        assertThatThrownBy(() -> JsonSchema.of(schema))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("deeper than 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not", "items", "additionalProperties", "if", "contains"})
    void acceptsASchemaThatNestsAsDeepAsItMay(String keyword) {
        JsonNode schema = Json.object();
        for (int i = 1; i < SchemaBounds.MAX_DEPTH; i++) {
            schema = Json.object().set(keyword, schema);
        }
        assertThat(JsonSchema.of(schema).validate(Json.object()).toString()).doesNotContain("could not");
    }

    @Test
    void refusesASchemaWithTooManyParts() {
        ObjectNode schema = Json.object();
        ObjectNode properties = schema.putObject("properties");
        for (int i = 0; i < 10_000; i++) {
            properties.putObject("p" + i);
        }
        assertThatThrownBy(() -> JsonSchema.of(schema))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("more than 10000");
    }

    @Test
    void refusesASchemaThatIsTooLong() {
        ObjectNode schema = Json.object().put("description", "x".repeat(1 << 20));
        assertThatThrownBy(() -> JsonSchema.of(schema))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void refusesAPatternThatIsTooLong() {
        assertThatThrownBy(() -> parse("{'pattern':'" + "a".repeat(2_001) + "'}"))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("2000");
    }

    @ParameterizedTest
    @CsvSource({"(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void givesUpOnAPatternThatBacktracksForEver(String pattern) {
        JsonSchema schema = parse("{'pattern':'" + pattern + "'}");
        JsonNode value = Json.tree("a".repeat(5_000) + "!");
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(schema.validate(value)).isNotEmpty());
    }

    @Test
    void allPatternsOfOneValidationShareABudget() {
        JsonSchema schema = parse("{'items':{'pattern':'^(.*a){8}$'}}");
        JsonNode values = Json.tree(Collections.nCopies(100_000, "a".repeat(20) + "!"));
        Assertions.assertTimeoutPreemptively(
                SOON,
                () -> assertThat(schema.validate(values))
                        .singleElement()
                        .extracting(Violation::message)
                        .asString()
                        .startsWith("could not be checked"));
    }

    @Test
    void aLongTextIsHeldToAnHonestPattern() {
        JsonSchema schema = parse("{'pattern':'^[A-Za-z0-9+/=]*$'}");
        assertThat(schema.validate(Json.tree("QUJD".repeat(1_000_000)))).isEmpty();
        assertThat(schema.validate(Json.tree("QUJD".repeat(1_000_000) + "!"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref':'#'}",
                "{'allOf':[{'$ref':'#'}]}",
                "{'not':{'$ref':'#'}}",
                "{'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}},'$ref':'#/$defs/a'}",
                "{'$dynamicAnchor':'x','anyOf':[{'$dynamicRef':'#x'}]}",
            })
    void aSchemaThatGoesInCirclesAcceptsNothing(String schema) {
        JsonSchema circular = parse(schema);
        Assertions.assertTimeoutPreemptively(
                SOON,
                () -> assertThat(circular.validate(Json.object()))
                        .singleElement()
                        .extracting(Violation::message)
                        .asString()
                        .startsWith("could not be checked"));
    }

    @Test
    void aSchemaThatMultipliesItsWorkIsCutOff() {
        StringBuilder schema = new StringBuilder("{'$ref':'#/$defs/d0','$defs':{");
        for (int i = 0; i < 40; i++) {
            String next = "{'$ref':'#/$defs/d" + (i + 1) + "'}";
            schema.append("'d%d':{'allOf':[%s,%s]},".formatted(i, next, next));
        }
        JsonSchema multiplying = parse(schema.append("'d40':{}}}").toString());
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(multiplying.validate(Json.object())).hasSize(1));
    }

    @Test
    void aRecursiveSchemaChecksAValueAsDeepAsMessagesGet() {
        JsonSchema schema = parse("""
                {'$ref': '#/$defs/node', '$defs': {'node': {'type': 'object', 'additionalProperties': false, 'anyOf': [
                  {'properties': {'child': {'$ref': '#/$defs/node'}, 'end': {'const': true}}}]},
                  'x': {}}, 'unevaluatedProperties': false}""".replace("'additionalProperties': false, ", ""));
        JsonNode good = Json.object().put("end", true);
        JsonNode bad = Json.object().put("end", false);
        for (int i = 1; i < Json.MAX_DEPTH; i++) {
            good = Json.object().set("child", good);
            bad = Json.object().set("child", bad);
        }
        assertThat(schema.validate(good)).isEmpty();
        assertThat(schema.validate(bad))
                .isNotEmpty()
                .noneMatch(violation -> violation.message().startsWith("could not"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e-999999999"})
    void numbersWithEnormousExponentsAreCheap(String number) {
        JsonSchema schema = parse(
                "{'type':'integer','minimum':1,'maximum':9,'multipleOf':3,'enum':[3,6],'const':3,'exclusiveMaximum':1e3}");
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(schema.validate(Json.parse(number))).isNotEmpty());
    }
}
