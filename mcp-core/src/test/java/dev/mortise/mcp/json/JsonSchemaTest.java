package dev.mortise.mcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class JsonSchemaTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string'}|5||must be string, not integer",
                "{'type':['string','null']}|5||must be [string, null], not integer",
                "{'required':['name']}|{}||lacks the required property 'name'",
                "{'properties':{'a':{},'b':{}},'additionalProperties':false}|{'c':1}||must not have the property 'c'; it has: a, b",
                "{'enum':['a','b',null]}|'c'||must be one of: a, b, null",
                "{'const':'a'}|'c'||must be \"a\"",
                "{'minimum':1}|0||must be at least 1",
                "{'maximum':1}|2||must be at most 1",
                "{'exclusiveMinimum':1}|1||must be greater than 1",
                "{'exclusiveMaximum':1}|1||must be less than 1",
                "{'multipleOf':3}|4||must be a multiple of 3",
                "{'minLength':3}|'ab'||must be at least 3 characters long",
                "{'maxLength':1}|'ab'||must be at most 1 characters long",
                "{'minItems':2}|[1]||must have at least 2 items",
                "{'maxItems':1}|[1,2]||must have at most 1 items",
                "{'uniqueItems':true}|[1,1.0]||must not have an item twice",
                "{'contains':{'type':'string'}}|[1]||must have at least 1 items of the required form",
                "{'oneOf':[{},{}]}|1||must be of exactly one of the allowed forms",
                "{'not':{}}|1||must not be of the excluded form",
                "{'pattern':'^a$'}|'b'||must match the pattern ^a$",
                "{'items':{'properties':{'a/b':{'type':'string'}}}}|[{},{'a/b':1}]|/1/a~1b|must be string, not integer",
            })
    void saysWhatIsWrongAndWhere(String schema, String value, String path, String message) {
        assertThat(parse(schema).validate(Json.parse(quoted(value))))
                .containsExactly(new Violation(path == null ? "" : path, message));
    }

    @Test
    void findsNothingWrongWithAValidValue() {
        assertThat(parse("{'properties':{'a':{'type':'integer'}}}").validate(Json.parse("{\"a\": 1.0}")))
                .isEmpty();
    }

    @Test
    void reportsABoundedNumberOfViolations() {
        String value = "[" + "1,".repeat(50_000) + "1]";
        assertThat(parse("{'items':{'type':'string'}}").validate(Json.parse(value)))
                .hasSize(20);
        assertThat(parse("{'anyOf':[{'items':{'type':'string'}},{'items':{'type':'null'}}]}")
                        .validate(Json.parse(value)))
                .hasSizeBetween(1, 20);
    }

    @Test
    void neverRepeatsALargeValue() {
        String large = "x".repeat(4_000);
        List<Violation> violations = parse("{'properties':{},'additionalProperties':false}")
                .validate(Json.parse("{\"" + large + "\": \"" + large + "\"}"));
        assertThat(violations).singleElement().satisfies(violation -> {
            assertThat(violation.message()).hasSizeLessThan(210);
            assertThat(violation.path()).hasSizeLessThan(210);
        });
        assertThat(parse("{'maxLength':3}").validate(Json.parse("\"" + large + "\"")))
                .allSatisfy(violation -> assertThat(violation.message()).hasSizeLessThan(210));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://json-schema.org/draft/2020-12/schema",
                "https://json-schema.org/draft/2019-09/schema",
                "http://json-schema.org/draft-07/schema#",
                "http://json-schema.org/draft-07/schema",
                "http://json-schema.org/draft-06/schema#",
                "http://json-schema.org/draft-04/schema#",
            })
    void speaksTheDialectThatIsDeclared(String dialect) {
        JsonSchema schema = parse("{'$schema':'" + dialect + "','type':'object','definitions':{'n':{'minimum':1}},"
                + "'properties':{'a':{'$ref':'#/definitions/n'}}}");
        assertThat(schema.validate(Json.parse("{\"a\": 0}")))
                .containsExactly(new Violation("/a", "must be at least 1"));
    }

    @Test
    void draft07IgnoresWhatStandsBesideAReference() {
        String body = "'definitions':{'n':{}},'properties':{'a':{'$ref':'#/definitions/n','minimum':1}}}";
        assertThat(parse("{'$schema':'http://json-schema.org/draft-07/schema#'," + body)
                        .validate(Json.parse("{\"a\": 0}")))
                .isEmpty();
        assertThat(parse("{" + body).validate(Json.parse("{\"a\": 0}"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'$schema':'https://example.com/mine'}|https://example.com/mine",
                "{'$schema':7}|dialect 7",
                "{'type':'strin'}|/type",
                "{'properties':{'a':{'minimum':'1'}}}|/properties/a/minimum",
                "{'required':'a'}|/required",
                "{'pattern':'('}|'('",
                "{'patternProperties':{'(':{}}}|'('",
                "{'$ref':'https://example.com/x'}|'https://example.com/x'",
                "{'$ref':'http://169.254.169.254/latest'}|169.254.169.254",
                "{'$ref':'file:///etc/passwd'}|file:///etc/passwd",
                "{'$ref':'classpath:draft/2020-12/schema'}|classpath:",
                "{'$ref':'https://json-schema.org/draft/2020-12/schema'}|leaves the schema",
                "{'$ref':'other.json#/a'}|other.json",
                "{'$dynamicRef':'https://example.com/x#y'}|example.com",
                "{'properties':{'default':{'$ref':'https://example.com/x'}}}|example.com",
                "{'properties':{'a':{'allOf':[{'$ref':'https://example.com/x'}]}}}|/properties/a/allOf/0",
                "{'$ref':'#/$defs/missing'}|/$defs/missing",
                "{'$ref':'#missing'}|missing",
                "{'$defs':{'a':{'$schema':'http://json-schema.org/draft-07/schema#'}}}|/$defs/a",
                "{'a':|not valid JSON",
                "[]|JSON object",
                "true|JSON object",
            })
    void refusesWhatCannotBeUsedAndSaysWhy(String schema, String named) {
        assertThatThrownBy(() -> parse(schema))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining(named);
    }

    @Test
    void referencesInDataAreDataAndLocalOnesWork() {
        JsonSchema schema = parse("""
                {'$id': 'https://example.com/root.json', 'default': {'$ref': 'https://example.com/elsewhere'},
                 'properties': {'$ref': {'type': 'string'}, 'a': {'$ref': '#/$defs/positive'}, 'b': {'$ref': '#small'},
                                'c': {'$ref': 'root.json#/$defs/positive'}, 'd': {'$ref': '#'}, 'e': {'$ref': 'part'}},
                 '$defs': {'positive': {'minimum': 1}, 'small': {'$anchor': 'small', 'maximum': 9},
                           'part': {'$id': 'part', 'type': 'null'}}}""");
        assertThat(schema.validate(Json.parse("""
                        {"$ref": 1, "a": 0, "b": 10, "c": 0, "d": {"a": 0}, "e": 0}""")))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("/$ref", "/a", "/b", "/c", "/d/a", "/e");
    }

    @Test
    void isTakenFromACopyAndHandedOutAsACopy() {
        ObjectNode given = (ObjectNode) Json.parse("{\"type\": \"string\"}");
        JsonSchema schema = JsonSchema.of(given);
        given.put("type", "integer");
        ((ObjectNode) schema.node()).put("type", "integer");
        assertThat(schema.validate(Json.parse("\"text\""))).isEmpty();
        assertThat(Json.tree(schema)).isEqualTo(Json.parse("{\"type\": \"string\"}"));
        assertThat(Json.write(List.of(schema))).asString().isEqualTo("[{\"type\":\"string\"}]");
        assertThat(schema).isEqualTo(parse("{'type':'string'}")).hasSameHashCodeAs(parse("{'type':'string'}"));
    }

    @Test
    void formatsOfAWrittenSchemaAreRemarks() {
        assertThat(parse("{'format':'date'}").validate(Json.parse("\"tomorrow\"")))
                .isEmpty();
    }

    static JsonSchema parse(String schema) {
        return JsonSchema.parse(quoted(schema));
    }

    static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
