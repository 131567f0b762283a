package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.InvalidSchema;
import dev.mortise.mcp.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirroredHeadersTest {
    private static final MirroredHeaders HEADERS = MirroredHeaders.of(Json.parse("""
            {"type": "object", "properties": {
              "region": {"type": "string", "x-mcp-header": "Region"},
              "dry": {"type": "boolean", "x-mcp-header": "Dry-Run"},
              "options": {"type": "object", "properties": {
                "limit": {"type": "integer", "x-mcp-header": "Limit"}}},
              "x-mcp-header": {"type": "string"},
              "example": {"default": {"x-mcp-header": "data, not an annotation"}}}}"""));

    @Test
    void readsTheAnnotationsInOrder() {
        assertThat(HEADERS.headers())
                .containsExactly(
                        new MirroredHeader("Mcp-Param-Region", List.of("region"), MirroredHeader.Type.STRING),
                        new MirroredHeader("Mcp-Param-Dry-Run", List.of("dry"), MirroredHeader.Type.BOOLEAN),
                        new MirroredHeader(
                                "Mcp-Param-Limit", List.of("options", "limit"), MirroredHeader.Type.INTEGER));
        assertThat(MirroredHeaders.of(Json.object()).headers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'properties': {'secret': {'type': 'string', 'x-mcp-header': ''}}}",
                "{'properties': {'secret': {'type': 'string', 'x-mcp-header': 'a b'}}}",
                "{'properties': {'secret': {'type': 'string', 'x-mcp-header': 'a\\r\\nb'}}}",
                "{'properties': {'secret': {'type': 'string', 'x-mcp-header': 'ä'}}}",
                "{'properties': {'secret': {'type': 'string', 'x-mcp-header': 7}}}",
                "{'properties': {'secret': {'type': 'string', 'x-mcp-header': null}}}",
                "{'properties': {'secret': {'type': 'number', 'x-mcp-header': 'A'}}}",
                "{'properties': {'secret': {'type': 'object', 'x-mcp-header': 'A'}}}",
                "{'properties': {'secret': {'type': ['string', 'null'], 'x-mcp-header': 'A'}}}",
                "{'properties': {'secret': {'x-mcp-header': 'A'}}}",
                "{'properties': {'a': {'type': 'string', 'x-mcp-header': 'A'},"
                        + " 'secret': {'type': 'string', 'x-mcp-header': 'a'}}}",
                "{'properties': {'secret': {'items': {'type': 'string', 'x-mcp-header': 'A'}}}}",
                "{'properties': {'secret': {'prefixItems': [{'type': 'string', 'x-mcp-header': 'A'}]}}}",
                "{'oneOf': [{'properties': {'secret': {'type': 'string', 'x-mcp-header': 'A'}}}]}",
                "{'if': {'properties': {'secret': {'type': 'string', 'x-mcp-header': 'A'}}}}",
                "{'$defs': {'secret': {'type': 'string', 'x-mcp-header': 'A'}}}",
                "{'properties': {'secret': {'$defs': {'properties': {'type': 'string', 'x-mcp-header': 'A'}}}}}",
                "{'patternProperties': {'secret': {'type': 'string', 'x-mcp-header': 'A'}}}",
                "{'additionalProperties': {'properties': {'secret': {'type': 'string', 'x-mcp-header': 'A'}}}}",
                "{'x-unknown': {'properties': {'secret': {'type': 'string', 'x-mcp-header': 'A'}}}}",
            })
    void refusesAnnotationsThatBreakARuleAndNamesTheProperty(String schema) {
        assertThatThrownBy(() -> MirroredHeaders.of(Json.parse(schema.replace('\'', '"'))))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("x-mcp-header at '")
                .message()
                .containsAnyOf("secret", "prefixItems");
    }

    @Test
    void refusesAnAnnotationOfTheWholeInput() {
        assertThatThrownBy(() -> MirroredHeaders.of(Json.parse("{\"type\": \"string\", \"x-mcp-header\": \"A\"}")))
                .isInstanceOf(InvalidSchema.class);
    }

    @Test
    void writesWhatItReads() {
        var arguments = Json.parse("{\"region\": \"Zürich\", \"dry\": true, \"options\": {\"limit\": 42.0}}");
        Map<String, String> headers = HEADERS.encode(arguments);
        assertThat(headers)
                .containsEntry("Mcp-Param-Region", "=?base64?WsO8cmljaA==?=")
                .containsEntry("Mcp-Param-Dry-Run", "true")
                .containsEntry("Mcp-Param-Limit", "42");
        assertThat(HEADERS.mismatch(name -> List.of(headers.get(name)), arguments))
                .isEmpty();
    }

    @Test
    void writesNoHeaderForWhatIsAbsentOrNull() {
        assertThat(HEADERS.encode(Json.parse("{\"region\": null, \"options\": 7}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{'region': 'us'}|us",
                "{'region': 'us'}|=?base64?dXM=?=",
                "{'region': ''}|''",
                "{'region': null}|-",
                "{}|-",
            })
    void acceptsStringsThatAgree(String arguments, String header) {
        assertThat(mismatch("Mcp-Param-Region", header, arguments)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{'region': 'us'}|US|does not match",
                "{'region': 'us'}|-|is missing",
                "{'region': 'us'}|ü|invalid characters",
                "{'region': 'us'}|=?base64?dXM?=|invalid characters",
                "{'region': null}|us|is present, but",
                "{'region': null}|''|is present, but",
                "{}|us|is present, but",
                "{'region': {}}|{}|does not match",
            })
    void reportsStringsThatDisagree(String arguments, String header, String message) {
        assertThat(mismatch("Mcp-Param-Region", header, arguments))
                .get()
                .asString()
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource({"42,42", "42,42.0", "42.0,42", "42,4.2e1", "-7,-7", "0,-0", "9007199254740991,9007199254740991"})
    void comparesIntegersAsNumbers(String body, String header) {
        assertThat(mismatch("Mcp-Param-Limit", header, "{'options': {'limit': " + body + "}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "42,43",
        "42,042",
        "42,+42",
        "42,0x2a",
        "42,42.5",
        "42,1e999999999",
        "1e999999999,1e999999999",
        "9007199254740992,9007199254740992",
        "9007199254740993,9007199254740992.0",
        "1.5,1.5",
        "'\"42\"',42.0"
    })
    void reportsIntegersThatDisagreeOrAreUnsafe(String body, String header) {
        assertThat(mismatch("Mcp-Param-Limit", header, "{'options': {'limit': " + body + "}}"))
                .isPresent();
    }

    @Test
    void booleansAreLowercase() {
        assertThat(mismatch("Mcp-Param-Dry-Run", "true", "{'dry': true}")).isEmpty();
        assertThat(mismatch("Mcp-Param-Dry-Run", "True", "{'dry': true}")).isPresent();
        assertThat(mismatch("Mcp-Param-Dry-Run", "false", "{'dry': true}")).isPresent();
        assertThat(mismatch("Mcp-Param-Dry-Run", "1", "{'dry': true}")).isPresent();
    }

    @Test
    void reportsAHeaderThatIsThereTwice() {
        assertThat(HEADERS.mismatch(
                        name -> name.equals("Mcp-Param-Region") ? List.of("us", "us") : List.of(),
                        Json.parse("{\"region\": \"us\"}")))
                .get()
                .asString()
                .contains("more than once");
    }

    private static Optional<String> mismatch(String header, String value, String arguments) {
        return HEADERS.mismatch(
                name -> name.equals(header) && value != null ? List.of(value) : List.of(),
                Json.parse(arguments.replace('\'', '"')));
    }
}
