package dev.mortise.rag.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.document.Block;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutlineTest {
    private final Outline outline = new Outline();

    private void enter(int level, String title) {
        outline.enter(new Block.Heading(0, 0, level, title));
    }

    @Test
    void aHeadingClosesThoseOfItsLevelAndBelow() {
        enter(1, "Pump");
        enter(2, "Oil");
        enter(4, "Change");
        assertThat(outline.path()).containsExactly("Pump", "Oil", "Change");
        enter(2, "Seal");
        assertThat(outline.path()).containsExactly("Pump", "Seal");
        enter(1, "");
        assertThat(outline.path()).isEmpty();
    }

    @Test
    void theInnermostOfManyAndOfLongOnes() {
        IntStream.rangeClosed(1, 400).forEach(level -> enter(level, "h" + level));
        assertThat(outline.path())
                .containsExactlyElementsOf(IntStream.rangeClosed(391, 400)
                        .mapToObj(level -> "h" + level)
                        .toList());

        String longest = "x".repeat(300);
        enter(400, longest);
        enter(401, longest);
        assertThat(Outline.kept(outline.path())).containsExactly(longest, longest);

        // What was left out meanwhile is there again.
        enter(3, "Back");
        assertThat(Outline.kept(outline.path())).isEqualTo(List.of("h1", "h2", "Back"));
    }
}
