package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The real Prometheus, as far as it is installed here. */
final class Prometheus {
    private static final String REQUIRED = "MORTISE_REQUIRE_PROMETHEUS";

    private Prometheus() {}

    /** A program of its package; where it is missing the build says so and goes on, unless it must be there. */
    static Optional<String> program(String name) {
        Optional<String> found = Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        if (found.isEmpty()) {
            assertThat(System.getenv(REQUIRED))
                    .as("%s is missing, and %s is set", name, REQUIRED)
                    .isNull();
            System.err.println("Not checked: " + name + " is missing (Debian: apt-get install prometheus)");
        }
        return found;
    }

    /** Runs a program to its end, which is a good one, and gives what it says. */
    static String run(List<String> command) throws IOException, InterruptedException {
        return said(command, true);
    }

    /** Runs a program to its end, whatever that is, and gives what it says. */
    static String say(List<String> command) throws IOException, InterruptedException {
        return said(command, false);
    }

    private static String said(List<String> command, boolean well) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
            if (well) {
                assertThat(process.exitValue()).as(said).isZero();
            }
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
