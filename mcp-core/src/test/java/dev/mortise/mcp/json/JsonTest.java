package dev.mortise.mcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonTest {
    private static JsonNode read(String text) throws Json.InvalidJson {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "-0.1e-99999999999", "[1e2147483648]", "{\"a\":0.000001e-2147483647}"})
    void anExponentThatNoNumberCanHaveIsInvalidAndNothingElse(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(Json.InvalidJson.class);
    }

    @Test
    void numbersAreKeptAsTheyAreWritten() throws Exception {
        assertThat(read("1e1000000000").decimalValue()).isEqualTo(new BigDecimal("1e1000000000"));
        assertThat(read("0.1").decimalValue()).isEqualTo(new BigDecimal("0.1"));
    }

    /** The names all have one hash in the table that Jackson keeps of names in text, which is shared and has no seed. */
    @Test
    void aFloodOfNamesWithOneHashDoesNoHarmToTheMessagesOfOthers() throws Exception {
        StringBuilder flood = new StringBuilder("{\"é\":1");
        for (int i = 0; i < 4096; i++) {
            flood.append(",\"");
            for (int bit = 0; bit < 12; bit++) {
                flood.append((i >> bit & 1) == 0 ? "aB" : "b!");
            }
            flood.append("\":1");
        }
        for (int attacks = 0; attacks < 3; attacks++) {
            assertThat(read(flood + "}").size()).isEqualTo(4097);
        }
        for (int i = 0; i < 5_000; i++) {
            String names = "{\"é\":1,\"a%1$d\":1,\"b%1$d\":1,\"c%1$d\":1}".formatted(i);
            assertThat(read(names).size()).isEqualTo(4);
        }
    }

    /** {@code isEmpty} and the like are no members that its schema knows of. */
    @Test
    void aRecordIsItsComponents() {
        assertThat(Json.tree(new Basket(2, true)).toString()).isEqualTo("{\"apples\":2,\"isWoven\":true}");
    }

    record Basket(int apples, boolean isWoven) {
        public boolean isEmpty() {
            return apples == 0;
        }

        public int getWeight() {
            return 150 * apples;
        }
    }

    @Test
    void onlyUtf8IsReadAndNothingInFrontOfIt() throws Exception {
        assertThat(read("[\"世界 😀\"]").get(0).stringValue()).isEqualTo("世界 😀");
        for (String text : List.of("\ufeff{}", "{}\0", "\0\0\0{", "[\"\0\"]")) {
            assertThatThrownBy(() -> read(text)).isInstanceOf(Json.InvalidJson.class);
        }
    }

    /** Four megabytes of empty objects would become more than a hundred on the heap. */
    @Test
    void messagesOfVeryManyPartsAreRefused() throws Exception {
        assertThat(read("[" + "1,".repeat(Json.MAX_TOKENS - 4) + "1]").size()).isEqualTo(Json.MAX_TOKENS - 3);
        for (String part : List.of("{}", "[]", "1", "\"\"", "{\"a\":1}")) {
            assertThatThrownBy(() -> read("[" + (part + ",").repeat(Json.MAX_TOKENS) + "1]"))
                    .as(part)
                    .isInstanceOf(Json.InvalidJson.class);
        }
    }

    @Test
    void namesThatCollideDoNotBreakTheReadingOfLaterMessages() throws Exception {
        List<String> colliding = List.of("");
        for (int i = 0; i < 12; i++) {
            colliding = colliding.stream()
                    .flatMap(prefix -> Stream.of(prefix + "aB", prefix + "b!"))
                    .toList();
        }
        for (int round = 0; round < 20; round++) {
            String suffix = "é" + round;
            String flood = colliding.stream()
                    .map(name -> "\"" + name + suffix + "\":1")
                    .collect(Collectors.joining(",", "{", "}"));
            try {
                Json.read(flood.getBytes(StandardCharsets.UTF_8));
            } catch (Json.InvalidJson e) {
                // The parser may defend itself; what counts is what comes after.
                assertThat(e.reason()).isNotEmpty();
            }
        }
        String good = IntStream.range(0, 2_000)
                .mapToObj(i -> "\"名前" + i + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
        assertThat(Json.read(good.getBytes(StandardCharsets.UTF_8)).size()).isEqualTo(2_000);
        assertThat(Json.parse(good).size()).isEqualTo(2_000);
    }
}
