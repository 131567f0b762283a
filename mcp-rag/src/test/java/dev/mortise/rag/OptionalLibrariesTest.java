package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is optional can be left out. */
class OptionalLibrariesTest {
    private static final List<String> OPTIONAL = List.of("tika", "onnxruntime", "djl", "pdfbox", "/poi");

    @TempDir
    private Path folder;

    @Test
    void worksWithoutThemAndSaysWhatAPdfNeeds() throws Exception {
        String output = JavaProgram.run(
                WithoutOptionalLibraries.class,
                entry -> OPTIONAL.stream().noneMatch(entry.toLowerCase(java.util.Locale.ROOT)::contains),
                Map.of(),
                folder.toString());
        assertThat(output)
                .contains("tika false")
                .contains("Grease the **pump**")
                .containsPattern("pdf .*PDF is read by Apache Tika, which this server does not have")
                .contains("asked for Apache Tika is not there: add org.apache.tika:tika-core")
                .contains("and for ONNX Runtime is not there: add com.microsoft.onnxruntime:onnxruntime");
    }
}
