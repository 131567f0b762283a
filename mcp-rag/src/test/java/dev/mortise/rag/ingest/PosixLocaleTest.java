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
        // By their bytes, which a JVM may be unable to say: 年假/制度.md, 年假/流程.md, and two that are no UTF-8.
        make("plain name.md");
        make("\\345\\271\\264\\345\\201\\207/\\345\\210\\266\\345\\272\\246.md");
        make("\\345\\271\\264\\345\\201\\207/\\346\\265\\201\\347\\250\\213.md");
        make("\\304\\352.md");
        make("\\304\\353.md");
        String output = JavaProgram.run(
                PosixLocaleProgram.class, entry -> true, Map.of("LC_ALL", "POSIX", "LANG", "POSIX"), folder.toString());
        assertThat(output).contains("encoding ANSI_X3.4-1968");
        assertThat(output.lines().filter(line -> line.startsWith("document ")))
                .containsExactlyInAnyOrder(
                        "document plain name",
                        "document \\u5E74\\u5047/\\u5236\\u5EA6",
                        "document \\u5E74\\u5047/\\u6D41\\u7A0B",
                        "document %C4%EA",
                        "document %C4%EB");
    }

    private void make(String name) throws Exception {
        String script =
                "file=$(printf '" + name + "'); mkdir -p \"$(dirname \"$file\")\"; printf '%s' text > \"$file\"";
        Process shell = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).isZero();
    }
}
