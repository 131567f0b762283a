package dev.mortise.rag.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.util.List;
import org.junit.jupiter.api.Test;

/** It compares words; it says so, and does that well. */
class LexicalEmbeddingsTest {
    private final EmbeddingModel model = LexicalEmbeddings.standard();

    @Test
    void itIsNamedAsWhatItIs() {
        assertThat(model.id()).isEqualTo("lexical-1-768");
    }

    @Test
    void aTypingErrorStaysCloserThanAnotherSubject() {
        assertThat(cosine("configure the retry policy", "confgiure teh retry polciy"))
                .isGreaterThan(cosine("configure the retry policy", "paint the garden fence") + 0.2);
        assertThat(cosine("如何更换机油", "更换机油的步骤")).isGreaterThan(cosine("如何更换机油", "如何申请退款") + 0.2);
    }

    @Test
    void everyTextHasAVectorOfLengthOne() {
        for (String text : List.of("", " ", "!!!", "a", "𠀀", "\0", "x".repeat(100_000))) {
            float[] vector = embed(text);
            assertThat(vector).hasSize(768);
            assertThat(dot(vector, vector)).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4));
        }
    }

    @Test
    void itIsTheSameEverywhere() {
        // The feature hash is part of what is stored: a change needs a new id.
        float[] vector =
                LexicalEmbeddings.of(64).embed(List.of("pump 水泵"), Use.PASSAGE).getFirst();

        int hash = 0;
        for (float each : vector) {
            hash = 31 * hash + Math.round(each * 1000);
        }
        assertThat(hash).isEqualTo(PINNED);
    }

    private static final int PINNED = 134255768;

    private double cosine(String one, String other) {
        return dot(embed(one), embed(other));
    }

    private float[] embed(String text) {
        return model.embed(List.of(text), Use.PASSAGE).getFirst();
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int at = 0; at < one.length; at++) {
            sum += one[at] * other[at];
        }
        return sum;
    }
}
