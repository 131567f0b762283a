package dev.mortise.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static List<String> words(String text) {
        return Words.in(text).stream().map(Words.Word::text).toList();
    }

    @Test
    void wordsAreCutAtEverythingThatIsNoLetterOrDigit() {
        assertThat(words("The Servers, v2: fast-path’s Ｆｕｌｌ class"))
                .containsExactly("the", "server", "v2", "fast", "path", "s", "full", "class");
    }

    @Test
    void chineseIsCutIntoCharactersAndPairs() {
        assertThat(words("网关API变量")).containsExactly("网", "网关", "关", "api", "变", "变量", "量");
        assertThat(Words.in("x 网关").get(1).start()).isEqualTo(2);
    }

    @Test
    void aQueryAsksForPairsWhereThereAreAny() {
        assertThat(Words.asked("变量名 API")).containsExactly("变量", "量名", "api");
        assertThat(Words.asked("税")).containsExactly("税");
        assertThat(Words.asked("?! …")).isEmpty();
    }

    @Test
    void charactersBeyondTheBasicPlaneAreWhole() {
        assertThat(words("𠮷野")).containsExactly("𠮷", "𠮷野", "野");
        assertThat(Words.asked("𠮷野")).containsExactly("𠮷野");
    }
}
