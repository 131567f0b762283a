package dev.mortise.benchmarks.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the comparison compares: all find what they should. How fast is not for a test to say. */
class VectorRunTest {
    private static final Pattern LINE =
            Pattern.compile("(?m)^(all|one|ten|half|tenant) +([a-z0-9-]+) .* (\\d\\.\\d+)$");

    @TempDir
    Path folder;

    @Test
    void findsTheNearestWithEachIndexAndFilter() throws IOException {
        String[] args = {folder.toString(), "size=6000", "dimensions=32", "millis=1", "rounds=1"};
        String table = new VectorRun(VectorOptions.of(args)).table();
        Matcher lines = LINE.matcher(table);
        int seen = 0;
        while (lines.find()) {
            seen++;
            double least = lines.group(2).equals("mortise") ? 0.97 : 0.9;
            assertThat(Double.parseDouble(lines.group(3)))
                    .describedAs(lines.group())
                    .isGreaterThan(least);
        }
        assertThat(seen).describedAs(table).isEqualTo(Kind.values().length * Share.values().length);
        // What was built is there for the next run.
        assertThat(folder.resolve("clustered-6000x32").resolve("jvector.rate")).exists();
    }

    @Test
    void searchesWhileItGrows() throws Exception {
        String table =
                IngestRun.run(VectorOptions.of(folder.toString(), "size=6000", "dimensions=32", "shape=anisotropic"));
        assertThat(table).contains("anisotropic-6000x32", "to    6000:");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhatItTakes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorOptions.of("folder", "width=3"))
                .withMessageContaining("usage");
    }
}
