package dev.mortise.benchmarks.production;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static final String SAID = """
            4711:
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:         60000        3000000  [B (java.base@25)
               2:         10000         240000  java.lang.String (java.base@25)
               3:             9          90000  [Ljdk.internal.vm.FillerElement; (java.base@25)
               4:             2            600  dev.mortise.Twice
               5:             1            400  dev.mortise.Twice
               6:             1             16  jdk.internal.vm.FillerObject (java.base@25)
            Total         70013        3331016
            """;

    @Test
    void whatClassesTakeUpIsAddedUpWithoutWhatFillsGaps() throws Exception {
        Histogram histogram = Histogram.of(SAID);

        assertThat(histogram.total()).isEqualTo(3_241_000);
        assertThat(histogram.bytes()).containsEntry("dev.mortise.Twice", 1_000L);
    }

    @Test
    void theGreatestChangeComesFirstWhetherMoreOrLess() {
        Histogram before = new Histogram(Map.of("gone", 700L, "same", 100_000L, "grows", 10L));
        Histogram after = new Histogram(Map.of("same", 100_000L, "grows", 510L, "new", 5L));

        assertThat(after.since(before, 3).entrySet())
                .containsExactly(Map.entry("gone", -700L), Map.entry("grows", 500L), Map.entry("new", 5L));
    }

    @Test
    void whateverElseIsSaidIsNoHistogram() {
        assertThatThrownBy(() -> Histogram.of("4711:\njava.io.IOException: well-known file is not secure"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not secure");
    }
}
