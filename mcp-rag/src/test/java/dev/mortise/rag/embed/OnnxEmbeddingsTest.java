package dev.mortise.rag.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real runtime and the real tokenizer, on a model that is small enough to be written here. */
@Timeout(60)
class OnnxEmbeddingsTest {
    private static final Offset<Float> CLOSE = Offset.offset(1e-5f);
    private static final float DIAGONAL = (float) Math.sqrt(0.5);

    @TempDir
    private Path folder;

    @Test
    void theMeanOfTheTokensAndNotOfWhatPadsThem() throws Exception {
        try (OnnxEmbeddings model = OnnxEmbeddings.load(TinyModel.in(folder), OnnxEmbeddings.Options.standard())) {
            List<float[]> vectors =
                    model.embed(List.of("Pump oil", "fence", "", "pump pump pump pump oil"), Use.PASSAGE);

            assertThat(model.dimensions()).isEqualTo(TinyModel.DIMENSIONS);
            assertThat(vectors.get(0)).containsExactly(new float[] {DIAGONAL, DIAGONAL, 0}, CLOSE);
            assertThat(vectors.get(1)).containsExactly(new float[] {-1, 0, 0}, CLOSE);
            assertThat(vectors.get(2)).containsExactly(new float[] {1, 0, 0}, CLOSE);
            assertThat(vectors.get(3)[0]).isGreaterThan(0.9f);
        }
    }

    @Test
    void theFirstTokenAndThePrefix() throws Exception {
        OnnxEmbeddings.Options options = OnnxEmbeddings.Options.standard()
                .withPooling(Pooling.FIRST_TOKEN)
                .withPrefixes("oil ", "fence ");
        try (OnnxEmbeddings model = OnnxEmbeddings.load(TinyModel.in(folder), options)) {
            assertThat(model.embed(List.of("pump"), Use.PASSAGE).getFirst())
                    .containsExactly(new float[] {0, 1, 0}, CLOSE);
            assertThat(model.embed(List.of("pump"), Use.QUERY).getFirst())
                    .containsExactly(new float[] {-1, 0, 0}, CLOSE);
        }
    }

    @Test
    void longTextsAreCutAndCountedWhole() throws Exception {
        try (OnnxEmbeddings model = OnnxEmbeddings.load(
                TinyModel.in(folder), OnnxEmbeddings.Options.standard().withMaxTokens(2))) {
            assertThat(model.embed(List.of("oil oil pump pump pump"), Use.PASSAGE)
                            .getFirst())
                    .containsExactly(new float[] {0, 1, 0}, CLOSE);
            assertThat(model.countTokens("oil oil pump pump pump")).isEqualTo(5);
        }
    }

    @Test
    void manyThreadsAtOnce() throws Exception {
        try (OnnxEmbeddings model = OnnxEmbeddings.load(TinyModel.in(folder), OnnxEmbeddings.Options.standard());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> answers = IntStream.range(0, 200)
                    .mapToObj(each ->
                            callers.submit(() -> model.embed(List.of(each % 2 == 0 ? "pump" : "oil"), Use.QUERY)))
                    .toList();
            for (int at = 0; at < answers.size(); at++) {
                assertThat(answers.get(at).get().getFirst()[at % 2]).isCloseTo(1, CLOSE);
            }
        }
    }

    @Test
    void theIdIsThatOfTheBytes() throws Exception {
        try (OnnxEmbeddings one = OnnxEmbeddings.load(TinyModel.in(folder), OnnxEmbeddings.Options.standard())) {
            Path other = TinyModel.in(folder.resolve("other"));
            Files.writeString(
                    other.resolve("tokenizer.json"), Files.readString(other.resolve("tokenizer.json")) + "\n");
            try (OnnxEmbeddings two = OnnxEmbeddings.load(other, OnnxEmbeddings.Options.standard())) {
                assertThat(two.id()).isNotEqualTo(one.id());
            }
        }
    }

    @Test
    void afterItIsClosedItRefuses() throws Exception {
        OnnxEmbeddings model = OnnxEmbeddings.load(TinyModel.in(folder), OnnxEmbeddings.Options.standard());
        model.close();

        assertThatThrownBy(() -> model.embed(List.of("pump"), Use.QUERY)).isInstanceOf(EmbeddingException.class);
    }

    @Test
    void aFolderThatIsNoModel() throws Exception {
        assertThatThrownBy(() -> OnnxEmbeddings.load(folder, OnnxEmbeddings.Options.standard()))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("A model folder has model.onnx and tokenizer.json");
        TinyModel.in(folder);
        Files.writeString(folder.resolve("model.onnx"), "no model");
        assertThatThrownBy(() -> OnnxEmbeddings.load(folder, OnnxEmbeddings.Options.standard()))
                .isInstanceOf(EmbeddingException.class);
    }
}
