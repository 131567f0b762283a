package dev.mortise.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** On the module path, what is kept between the rounds of a call has to be readable to the JSON mapper. */
class ModulePathTest {
    private static String entries(boolean tests) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("test-classes") == tests)
                .filter(entry -> !entry.contains("junit") && !entry.contains("archunit") && !entry.contains("jqwik"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void callsThatAskGoOnAsAModule() throws Exception {
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        entries(false),
                        "--add-modules",
                        "dev.mortise.mcp",
                        "--class-path",
                        entries(true),
                        ModularApplication.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output)
                    .contains("call: Hello Ada", "task: Hello Ada", "module dev.mortise.mcp")
                    .contains("need org.snakeyaml:snakeyaml-engine");
            assertThat(application.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(application.exitValue()).isZero();
        } finally {
            application.destroyForcibly();
        }
    }
}
