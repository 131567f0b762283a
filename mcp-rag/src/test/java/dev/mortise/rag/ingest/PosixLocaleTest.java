package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.JavaProgram;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Containers often have no locale; a JVM there cannot tell the names of files that are not ASCII. */
@EnabledOnOs(OS.LINUX)
class PosixLocaleTest {
    @TempDir
    private Path folder;

    @Test
    void documentsHaveTheNamesOfTheirFiles() throws Exception {
        String output = JavaProgram.run(
                PosixLocaleProgram.class,
                entry -> true,
                Map.of("LC_ALL", "POSIX", "LANG", "POSIX"),
                folder.toUri().toString());
        assertThat(output).contains("encoding ANSI_X3.4-1968");
        assertThat(output.lines().filter(line -> line.startsWith("document ")))
                .containsExactlyInAnyOrder(
                        "document plain name",
                        "document \\u5E74\\u5047/\\u5236\\u5EA6",
                        "document \\u5E74\\u5047/\\u6D41\\u7A0B",
                        "document %C4%EA",
                        "document %C4%EB");
    }
}
