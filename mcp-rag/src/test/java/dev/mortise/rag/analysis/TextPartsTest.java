package dev.mortise.rag.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.analysis.TextParts.Part;
import dev.mortise.rag.analysis.TextParts.Run;
import dev.mortise.rag.analysis.TextParts.Word;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextPartsTest {
    private static List<String> surfaces(String text) {
        return TextParts.of(text).stream().map(Part::surface).toList();
    }

    @Test
    void identifiersComeApartInTheOrderOfTheirWords() {
        assertThat(surfaces("parseHTTPResponse snake_case_name k8s.io/v1 listAPIs"))
                .containsExactly(
                        "parse", "http", "response", "snake", "case", "name", "k8s", "io", "v1", "list", "apis");
    }

    @Test
    void wordsAndWhatIsWrittenWithoutSpacesStandInTheirOrder() {
        assertThat(TextParts.of("Refunds 退款单 für ＡＰＩ"))
                .containsExactly(
                        new Word("refunds", "refund"), new Run("退款单"), new Word("fur", "fur"), new Word("api", "api"));
    }

    @Test
    void pairsAreOfWholeCharacters() {
        assertThat(new Run("退款单").pairs()).containsExactly("退款", "款单");
        assertThat(new Run("单").pairs()).containsExactly("单");
        assertThat(new Run("𠀀款𠀁").pairs()).containsExactly("𠀀款", "款𠀁");
    }

    @Test
    void whatIndexesKnowAsWordsIsKnownHereToo() {
        for (String text : List.of("greased pumps", "退款", "remote_write", "getUserById", "Größe")) {
            Set<String> terms = TextAnalyzer.terms(text);
            for (Part part : TextParts.of(text)) {
                switch (part) {
                    case Word word -> assertThat(terms).contains(word.stem());
                    case Run run -> assertThat(terms).containsAll(run.pairs());
                }
            }
        }
    }
}
