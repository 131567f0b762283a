package dev.mortise.mcp.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void shortTextIsLeftAsItIs() {
        assertThat(Excerpt.of("", 3)).isEmpty();
        assertThat(Excerpt.of("añ😀", 4)).isEqualTo("añ😀");
    }

    @Test
    void longTextIsCutWhereACharacterEnds() {
        assertThat(Excerpt.of("abcd", 3)).isEqualTo("abc…");
        assertThat(Excerpt.of("ab😀", 3)).isEqualTo("ab…");
        assertThat(Excerpt.of("😀", 1)).isEqualTo("…");
    }

    @Test
    void whatWouldMakeALineOfItsOwnDoesNot() {
        assertThat(Excerpt.of("a\r\nb\u2028c\u001b[0m", 20)).isEqualTo("a??b?c?[0m");
    }
}
