package dev.mortise.rag.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.document.Block;
import dev.mortise.rag.document.Document;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.DocumentKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds of the passages of any document, however they are cut. */
class ChunkerPropertiesTest {
    private static final DocumentReader READER = DocumentReader.standard();
    private static final TokenCounter COUNTER = TokenCounter.estimate();

    @Property(tries = 150)
    void bodiesAreWhatStandsInTheText(
            @ForAll("documents") Document document, @ForAll @IntRange(min = 16, max = 200) int tokens)
            throws Exception {
        for (Passage passage : Chunker.of(tokens, tokens / 5).chunk(document, 100_000)) {
            assertThat(document.text().substring(passage.start(), passage.end()))
                    .isEqualTo(passage.body());
            assertThat(passage.body()).isNotBlank();
            assertThat(passage.body().strip()).isEqualTo(passage.body());
        }
    }

    @Property(tries = 150)
    void nothingIsLost(@ForAll("documents") Document document, @ForAll @IntRange(min = 16, max = 200) int tokens)
            throws Exception {
        boolean[] covered = new boolean[document.text().length()];
        for (Passage passage : Chunker.of(tokens, tokens / 5).chunk(document, 100_000)) {
            for (int at = passage.start(); at < passage.end(); at++) {
                covered[at] = true;
            }
        }
        for (Block block : document.blocks()) {
            for (int at = block.start(); at < block.end(); at++) {
                char unit = document.text().charAt(at);
                if (!Character.isWhitespace(unit) && !Character.isSpaceChar(unit)) {
                    assertThat(covered[at]).as("%s at %s", document.text(), at).isTrue();
                }
            }
        }
    }

    @Property(tries = 150)
    void theBudgetHolds(@ForAll("documents") Document document, @ForAll @IntRange(min = 16, max = 200) int tokens)
            throws Exception {
        for (Passage passage : Chunker.of(tokens, tokens / 5).chunk(document, 100_000)) {
            assertThat(passage.tokens()).isLessThanOrEqualTo(tokens);
            assertThat(COUNTER.count(passage.embeddedText()))
                    .as(passage.embeddedText())
                    .isLessThanOrEqualTo(passage.tokens());
        }
    }

    @Property(tries = 150)
    void passagesGoOnAndRepeatNoMoreThanTheOverlap(
            @ForAll("documents") Document document, @ForAll @IntRange(min = 16, max = 200) int tokens)
            throws Exception {
        int overlap = tokens / 4;
        List<Passage> passages = Chunker.of(tokens, overlap).chunk(document, 100_000);
        for (int at = 0; at < passages.size(); at++) {
            assertThat(passages.get(at).ordinal()).isEqualTo(at);
            if (at == 0) {
                continue;
            }
            Passage before = passages.get(at - 1);
            Passage after = passages.get(at);
            assertThat(after.start()).isGreaterThan(before.start());
            assertThat(after.end()).isGreaterThan(before.end());
            if (after.start() < before.end()) {
                assertThat(COUNTER.count(document.text().substring(after.start(), before.end())))
                        .isLessThanOrEqualTo(overlap);
            }
        }
    }

    @Property(tries = 150)
    void noPairOfSurrogatesIsCut(
            @ForAll("documents") Document document, @ForAll @IntRange(min = 16, max = 60) int tokens) throws Exception {
        for (Passage passage : Chunker.of(tokens, tokens / 3).chunk(document, 100_000)) {
            assertThat(passage.body().codePoints().filter(each -> Character.getType(each) == Character.SURROGATE))
                    .isEmpty();
            assertThat(passage.context().codePoints().filter(each -> Character.getType(each) == Character.SURROGATE))
                    .isEmpty();
        }
    }

    @Property(tries = 150)
    void withoutOverlapNothingIsSaidTwice(@ForAll("documents") Document document) throws Exception {
        List<Passage> passages = Chunker.of(48, 0).chunk(document, 100_000);
        for (int at = 1; at < passages.size(); at++) {
            assertThat(passages.get(at).start())
                    .isGreaterThanOrEqualTo(passages.get(at - 1).end());
        }
    }

    @Provide
    Arbitrary<Document> documents() {
        Arbitrary<String> word = Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(14),
                Arbitraries.strings()
                        .withCharRange('\u4e00', '\u4fff')
                        .ofMinLength(1)
                        .ofMaxLength(30),
                Arbitraries.of(
                        "😀", "👩‍👩‍👧", "é", "𠀀𠀁", "שלום", "مرحبا", "x".repeat(300), "。", "！", "3.14", "\u0301"),
                Arbitraries.strings()
                        .withCharRange(' ', '~')
                        .withCharRange('\u00A0', '\uFFEF')
                        .ofMinLength(1)
                        .ofMaxLength(5));
        Arbitrary<String> sentence = word.list()
                .ofMinSize(1)
                .ofMaxSize(25)
                .flatMap(words ->
                        Arbitraries.of(". ", "。", ": ", "! ", "\n", "").map(end -> String.join(" ", words) + end));
        Arbitrary<String> line = sentence.list().ofMinSize(1).ofMaxSize(4).map(all -> String.join("", all));
        Arbitrary<String> block = Combinators.combine(
                        Arbitraries.of(
                                "",
                                "# ",
                                "## ",
                                "### ",
                                "- ",
                                "1. ",
                                "> ",
                                "    ",
                                "```\n",
                                "| a | b |\n|---|---|\n| ",
                                "<!-- ",
                                "  - "),
                        line.list().ofMinSize(1).ofMaxSize(6),
                        Arbitraries.of("\n", "\n\n", "\n| ", "\n- ", "\n```\n", "\r\n"))
                .as((mark, lines, between) -> mark + String.join(between, lines));
        Arbitrary<String> text = block.list().ofMaxSize(12).map(blocks -> "a\n\n" + String.join("\n\n", blocks));
        return Combinators.combine(text, Arbitraries.of("a.md", "a.txt", "a.java", "a.csv", "a.log"))
                .as(ChunkerPropertiesTest::read);
    }

    private static Document read(String text, String name) {
        try {
            return READER.read(DocumentSource.of(new DocumentKey("c", "a"), text.getBytes(StandardCharsets.UTF_8))
                    .withFileName(name));
        } catch (Exception e) {
            throw new AssertionError(text, e);
        }
    }
}
