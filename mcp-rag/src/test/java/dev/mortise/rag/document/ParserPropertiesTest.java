package dev.mortise.rag.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of any bytes under any name. */
class ParserPropertiesTest {
    @Property(tries = 500)
    void bytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll("names") String name) {
        read(name, bytes).ifPresent(ParserPropertiesTest::check);
    }

    @Property(tries = 500)
    void markupIsReadOrRefused(@ForAll("markup") String text, @ForAll("names") String name) {
        read(name, text.getBytes(StandardCharsets.UTF_8)).ifPresent(ParserPropertiesTest::check);
    }

    /** Only a refusal is foreseen; anything else fails the test. */
    private static Optional<Document> read(String name, byte[] bytes) {
        try {
            return Optional.of(Reading.of(name, bytes));
        } catch (DocumentRejected e) {
            return Optional.empty();
        }
    }

    private static void check(Document document) {
        String text = document.text();
        assertThat(CleanText.isClean(text)).isTrue();
        assertThat(text.indexOf('\r')).isNegative();
        int end = 0;
        for (Block block : document.blocks()) {
            assertThat(block.start()).isBetween(end, text.length());
            assertThat(block.end()).isBetween(block.start(), text.length());
            String between = text.substring(end, block.start());
            assertThat(between.isBlank() || between.contains("<!--"))
                    .as("[%s] in %s", between, text)
                    .isTrue();
            if (block instanceof Block.Table table) {
                assertThat(table.headerEnd()).isBetween(table.start(), table.end());
                assertThat(table.rows())
                        .isSorted()
                        .allSatisfy(row -> assertThat(row).isBetween(table.start(), table.end()));
            }
            end = block.end();
        }
        String rest = text.substring(end);
        assertThat(rest.isBlank() || rest.contains("<!--"))
                .as("[%s] in %s", rest, text)
                .isTrue();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a.md", "a.html", "a.json", "a.txt", "a.csv", "a.log", "a.java", "a");
    }

    @Provide
    Arbitrary<String> markup() {
        Arbitrary<String> piece = Arbitraries.of(
                "# a",
                "## b\n",
                "- c\n",
                "  - d\n",
                "1. e\n",
                "> f\n",
                "```\n",
                "| g | h |\n",
                "|---|---|\n",
                "---\n",
                "===\n",
                "<!-- i -->\n",
                "<!--",
                "-->",
                "\n",
                "\n\n",
                "    ",
                "\t",
                "\r\n",
                "<p>",
                "</p>",
                "<table>",
                "<tr>",
                "<td>",
                "<th>",
                "</table>",
                "</tr>",
                "<ul>",
                "<li>",
                "</ul>",
                "<pre>",
                "</pre>",
                "<h1>",
                "</h1>",
                "<br>",
                "<script>",
                "</script>",
                "<div hidden>",
                "</div>",
                "{\"a\":",
                "[",
                "]",
                "}",
                ",",
                "1",
                "\"x\"",
                "a,b\n",
                "title: x\n",
                "水泵。",
                "\u0000",
                "&amp;",
                "[x]: /y\n",
                "word ",
                "<title>",
                "</title>");
        return Combinators.combine(piece.list().ofMaxSize(30), Arbitraries.of("", "---\n", "{\"k\":[", "<html><body>"))
                .as((pieces, start) -> start + String.join("", pieces));
    }
}
