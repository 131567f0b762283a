package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.mortise.mcp.json.Json;
import dev.mortise.security.internal.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CanonicalJsonTest {
    private static String canonical(String json) {
        return CanonicalJson.of(Json.parse(json));
    }

    @Test
    void isOneFormOfMany() {
        assertThat(canonical("{ \"b\" : [1, 2.50, null, true], \"a\" : {\"\\u00e9\":\"\\u0001\\/\\n\"} }"))
                .isEqualTo("{\"a\":{\"é\":\"\\u0001/\\n\"},\"b\":[1,25e-1,null,true]}");
        assertThat(canonical("[100, 1e2, 100.0, 1E+2]")).isEqualTo("[100,100,100,100]");
        assertThat(canonical("[0, -0, 0.0, 0e5]")).isEqualTo("[0,0,0,0]");
        assertThat(canonical("[1e999999999, 12345678901234567890]")).isEqualTo("[1e999999999,1234567890123456789e1]");
    }

    @Test
    void sortsByUnitsOfUtf16() {
        // Above the surrogates, U+FFFD comes after a pair, although its code point is lower.
        assertThat(canonical("{\"\uFFFD\":1,\"\uD83D\uDE00\":2,\"é\":3,\"z\":4}"))
                .isEqualTo("{\"z\":4,\"é\":3,\"\uD83D\uDE00\":2,\"\uFFFD\":1}");
    }

    @Test
    void whatIsDifferentStaysDifferent() {
        assertThat(canonical("[\"\\ud800\", \"\\udfff\", \"\\ufffd\"]"))
                .isEqualTo("[\"\\ud800\",\"\\udfff\",\"\uFFFD\"]");
        assertThat(canonical("[9007199254740992, 9007199254740993]"))
                .isEqualTo("[9007199254740992e0,9007199254740993e0]");
    }

    @Property
    void wholeNumbersOfUpTo15DigitsStandAsTheyAre(
            @ForAll @LongRange(min = -999_999_999_999_999L, max = 999_999_999_999_999L) long number) {
        assertThat(canonical("[" + number + "]")).isEqualTo("[" + number + "]");
        assertThat(CanonicalJson.of(List.of(number))).isEqualTo("[" + number + "]");
    }

    @Property(tries = 300)
    void textsComeBackAsTheyWere(@ForAll Map<String, String> members) throws Exception {
        Map<String, String> named = new TreeMap<>();
        members.forEach((name, value) -> named.put(RecordText.clean(name), value));
        byte[] canonical = CanonicalJson.of(named).getBytes(StandardCharsets.UTF_8);
        assertThat(CanonicalJson.of(Json.read(canonical)).getBytes(StandardCharsets.UTF_8))
                .isEqualTo(canonical);
    }

    /** Whatever the buffer was made for, and whatever has to be escaped at its end. */
    @Test
    void longTextsAreWrittenWhole() {
        for (String unit :
                List.of("a", "\u0001", "\"", "é", "\uFFFD", "\uD83D\uDE00", "\ud800", "a\n\u0000é\uD83D\uDE00\ud800")) {
            String text = unit.repeat(1_500);
            JsonNode back = Json.parse(CanonicalJson.of(Map.of("text", text, "list", List.of(text, 1, true))));
            assertThat(back.path("text").stringValue()).isEqualTo(text);
            assertThat(back.path("list").get(0).stringValue()).isEqualTo(text);
            assertThat(CanonicalJson.of(back))
                    .isEqualTo(CanonicalJson.of(Map.of("text", text, "list", List.of(text, 1, true))));
        }
    }

    @Test
    void argumentsAreProvedByTheirDigestAndNotGivenAwayByIt() {
        var arguments = Json.parse("{\"table\":\"rows\",\"limit\":3}");
        String digest = ArgumentDigest.of(arguments);
        assertThat(ArgumentDigest.matches(digest, Json.parse("{\"limit\":3.0,\"table\":\"rows\"}")))
                .isTrue();
        assertThat(ArgumentDigest.matches(digest, Json.parse("{\"limit\":4,\"table\":\"rows\"}")))
                .isFalse();
        assertThat(ArgumentDigest.matches("nonsense", arguments)).isFalse();
        assertThat(ArgumentDigest.of(arguments)).isNotEqualTo(digest);
        assertThat(ArgumentDigest.redacted(
                        Json.parse("{\"table\":\"rows\",\"password\":\"hunter2\"}"), Set.of("table")))
                .isEqualTo("{\"password\":\"…\",\"table\":\"rows\"}");
    }

    /** Whatever is in a file: findings, and no exception. */
    @Property(tries = 200)
    void anExportMayHoldAnything(@ForAll @Size(max = 20) List<String> lines) throws Exception {
        Path file = Files.createTempFile("export", ".jsonl");
        try {
            Files.write(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_16LE));
            AuditVerifier verifier =
                    new AuditVerifier(CheckpointKeys.of(Events.keys().getPublic()), List.of());
            assertThatCode(() -> assertThat(verifier.verify(file).isClean()).isFalse())
                    .doesNotThrowAnyException();
        } finally {
            Files.delete(file);
        }
    }
}
