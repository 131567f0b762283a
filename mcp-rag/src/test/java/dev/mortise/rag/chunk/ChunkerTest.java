package dev.mortise.rag.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.rag.document.Document;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.DocumentKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where passages begin and end in documents that people write. */
class ChunkerTest {
    @Test
    void aSectionIsAPassageUnderItsHeadings() throws Exception {
        String text = "# Pump\n\n" + words(60) + "\n\n## Oil\n\n" + words(60) + "\n\n### Change\n\n" + words(60);

        List<Passage> passages = Chunker.of(200, 0).chunk(markdown(text), 100);

        assertThat(passages)
                .extracting(Passage::headings)
                .containsExactly(List.of("Pump"), List.of("Pump", "Oil"), List.of("Pump", "Oil", "Change"));
        assertThat(passages.get(2).body()).startsWith("### Change\n\nword");
        assertThat(passages.get(2).context()).isEqualTo("Pump > Oil > Change\n\n");
    }

    @Test
    void shortSectionsShareAPassageUnderWhatTheyShare() throws Exception {
        List<Passage> passages =
                Chunker.of(200, 0).chunk(markdown("# Terms\n\n## A\n\nFirst.\n\n## B\n\nSecond.\n"), 100);

        assertThat(passages).hasSize(1);
        assertThat(passages.getFirst().headings()).containsExactly("Terms");
        assertThat(passages.getFirst().body()).contains("First.").contains("## B");
    }

    @Test
    void aHeadingIsNeverTheEndOfAPassage() throws Exception {
        String sections = IntStream.range(0, 40)
                .mapToObj(each -> "## Section " + each + "\n\n" + words(7 * each % 50 + 1))
                .collect(Collectors.joining("\n\n"));

        for (Passage passage : Chunker.of(60, 10).chunk(markdown(sections), 1000)) {
            assertThat(passage.body()).doesNotContainPattern("## Section \\d+$");
        }
    }

    @Test
    void theHeaderOfATableIsRepeatedBeforeEachPart() throws Exception {
        String rows = IntStream.range(0, 60)
                .mapToObj(each -> "| row " + each + " | value " + each + " |")
                .collect(Collectors.joining("\n"));
        String text = "The limits:\n\n| name | limit |\n|------|-------|\n" + rows;

        List<Passage> passages = Chunker.of(120, 20).chunk(markdown(text), 100);

        assertThat(passages).hasSizeGreaterThan(3);
        assertThat(passages.getFirst().body()).startsWith("The limits:\n\n| name | limit |");
        assertThat(passages.getFirst().lead()).isEmpty();
        for (Passage passage : passages.subList(1, passages.size())) {
            assertThat(passage.lead()).isEqualTo("| name | limit |\n|---|---|\n");
            assertThat(passage.body()).startsWith("| row ").endsWith(" |");
        }
    }

    @Test
    void codeStaysWholeIfOnePassageCanHoldIt() throws Exception {
        String code = "```java\nint a = 1;\n\nint b = 2;\n\nint c = 3;\n```";
        String text = words(40) + "\n\n" + code + "\n\n" + words(40);

        List<Passage> passages = Chunker.of(64, 0).chunk(markdown(text), 100);

        assertThat(passages).anySatisfy(passage -> assertThat(passage.body()).contains(code));
    }

    @Test
    void chineseIsCutBetweenSentences() throws Exception {
        String text = "今天天气很好。我们去公园吧！好吗？他说：“走吧。”".repeat(20);

        List<Passage> passages = Chunker.of(60, 10).chunk(document(text, "a.txt"), 100);

        assertThat(passages).hasSizeGreaterThan(5);
        assertThat(passages).allSatisfy(passage -> assertThat(passage.body()).matches("(?s).*[。！？”]"));
        assertThat(passages.get(1).start()).isLessThan(passages.get(0).end());
    }

    @Test
    void theNextPassageOfASectionRepeatsTheLastSentences() throws Exception {
        String text = IntStream.range(0, 30)
                .mapToObj(each -> "Sentence number " + each + " says something.")
                .collect(Collectors.joining(" "));

        List<Passage> passages = Chunker.of(80, 20).chunk(document(text, "a.txt"), 100);

        for (int at = 1; at < passages.size(); at++) {
            assertThat(passages.get(at).start()).isLessThan(passages.get(at - 1).end());
            assertThat(passages.get(at).body()).startsWith("Sentence number");
        }
    }

    @Test
    void aListStaysWithTheLineThatAnnouncesIt() throws Exception {
        String text = words(50) + "\n\n" + words(20)
                + " These are needed:\n\n- one thing\n- another thing\n- a third thing\n";

        List<Passage> passages = Chunker.of(90, 0).chunk(markdown(text), 100);

        assertThat(passages.getLast().body()).contains("These are needed:").contains("- a third thing");
    }

    @Test
    void tooManyPassagesAreRefused() {
        assertThatThrownBy(() -> Chunker.of(16, 0).chunk(document(words(1000), "a.txt"), 10))
                .isInstanceOfSatisfying(
                        DocumentRejected.class,
                        e -> assertThat(e.reason()).isEqualTo(DocumentRejected.Reason.TOO_LARGE));
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(each -> "word").collect(Collectors.joining(" ")) + ".";
    }

    private static Document markdown(String text) throws Exception {
        return document(text, "a.md");
    }

    private static Document document(String text, String name) throws Exception {
        return DocumentReader.standard()
                .read(DocumentSource.of(new DocumentKey("c", "a"), text.getBytes(StandardCharsets.UTF_8))
                        .withFileName(name));
    }
}
