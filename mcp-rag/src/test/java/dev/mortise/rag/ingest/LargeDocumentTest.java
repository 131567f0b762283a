package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.JavaProgram;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeDocumentTest {
    @TempDir
    private Path folder;

    /** The tokens of one chunk at a time, and some bytes for each term of the others: all tokens would take more than 512 MB. */
    @Test
    void eightMegabytesOfChineseGoThroughAHeapThatHasRoomForFewOfItsTokens() throws Exception {
        String output = JavaProgram.run(
                LargeDocumentProgram.class,
                classes -> true,
                Map.of("JAVA_TOOL_OPTIONS", "-Xmx224m"),
                folder.toString(),
                String.valueOf(2_800_000));

        assertThat(output).contains("Stored[").contains("水泵的压力是三巴。").doesNotContain("OutOfMemoryError");
    }
}
