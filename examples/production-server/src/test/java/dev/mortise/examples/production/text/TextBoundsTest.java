package dev.mortise.examples.production.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts that are made to take long. */
@Timeout(60)
class TextBoundsTest {
    private static String lines(String word, int count) {
        return IntStream.range(0, count).mapToObj(i -> word + i).collect(Collectors.joining("\n"));
    }

    @Test
    void textsThatShareNothingAreComparedInTime() throws Exception {
        long start = System.nanoTime();
        Comparison comparison = Comparison.of(lines("a", 4_000), lines("b", 4_000), 0);
        assertThat(comparison.added()).isEqualTo(4_000);
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        assertThatThrownBy(() -> Comparison.of(lines("a", 4_001), "b", 0)).hasMessageContaining("4000");
    }

    @Test
    void deepNestingIsNotFollowed() {
        String deep = "<div>".repeat(20_000) + "x";
        assertThat(Markup.convert(deep, Format.HTML, Format.MARKDOWN)).isNotNull();
        assertThat(Markup.convert(deep, Format.HTML, Format.TEXT)).contains("x");
        assertThat(Markup.convert("<b>".repeat(20_000) + "x", Format.HTML, Format.MARKDOWN))
                .isNotNull();
        assertThat(Markup.convert(">".repeat(5_000) + "x", Format.MARKDOWN, Format.HTML))
                .contains("x");
        assertThat(Markup.convert("[".repeat(20_000), Format.MARKDOWN, Format.HTML))
                .contains("[");
    }

    @Test
    void noDocumentTakesLong() {
        long start = System.nanoTime();
        String spaces = "<pre>" + " ".repeat(900_000) + "x</pre>";
        String nested = "<div>x".repeat(150_000);
        String lists = "<ul><li>x\n".repeat(90_000);
        String tables = "<table><tr><td>x".repeat(60_000);
        for (String html : new String[] {spaces, nested, lists, tables}) {
            assertThat(Markup.convert(html, Format.HTML, Format.MARKDOWN)).isNotEmpty();
            assertThat(Markup.convert(html, Format.HTML, Format.TEXT)).isNotEmpty();
            assertThat(Tables.in(html, Format.HTML).tables()).hasSizeLessThan(2);
        }
        for (String text :
                new String[] {"* ".repeat(400_000), "`".repeat(900_000), "[a](".repeat(200_000), "_a*".repeat(200_000)
                }) {
            assertThat(Markup.convert(text, Format.MARKDOWN, Format.HTML)).isNotEmpty();
            assertThat(Outline.of(text, Format.MARKDOWN).headings()).isEmpty();
        }
        for (String text :
                new String[] {"\n ".repeat(200_000), "。".repeat(400_000), "1".repeat(400_000), " ".repeat(400_000)}) {
            assertThat(TextFacts.of(text).bytes()).isPositive();
        }
        assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
    }

    @Test
    void scriptsAndDangerousLinksAreGone() {
        String html = "<p onclick=x>Hi <script>alert(1)</script><a href='javascript:alert(1)'>there</a>"
                + " <a href='https://example.com/a b'>you</a></p>";
        assertThat(Markup.convert(html, Format.HTML, Format.MARKDOWN))
                .isEqualTo("Hi there [you](https://example.com/a%20b)\n");
        assertThat(Markup.convert(
                        "<img src=x onerror=alert(1)> [x](javascript:alert(1))", Format.MARKDOWN, Format.HTML))
                .doesNotContain("<img", "javascript:");
    }

    @Test
    void aSummaryQuotesAndDoesNotRepeatItself() throws Exception {
        Summary summary = Summary.of(
                "The bridge was closed on Monday. The bridge was closed on Monday. Engineers found cracks in the bridge"
                        + " deck. Lunch was good. Repairs of the bridge deck will take engineers six weeks.",
                3);
        assertThat(summary.of()).isEqualTo(5);
        assertThat(summary.sentences())
                .extracting(Summary.Quote::text)
                .doesNotHaveDuplicates()
                .doesNotContain("Lunch was good.");
        assertThat(summary.sentences()).extracting(Summary.Quote::number).isSorted();
    }
}
