package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of deploy/, and the programs that judge them. */
final class Kit {
    static final Path DEPLOY = Path.of("deploy");
    static final Path COMPOSE = DEPLOY.resolve("compose");
    static final Path RULES = COMPOSE.resolve("prometheus/rules.yml");

    private static final LoadSettings STRICT =
            LoadSettings.builder().setAllowDuplicateKeys(false).build();

    private Kit() {}

    /** All documents of a file. */
    static List<Map<?, ?>> documents(Path file) throws IOException {
        List<Map<?, ?>> all = new ArrayList<>();
        for (Object document : new Load(STRICT).loadAllFromString(Files.readString(file))) {
            all.add((Map<?, ?>) document);
        }
        return all;
    }

    static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("secrets"))
                    .sorted()
                    .toList();
        }
    }

    /** Everything in it that is a mapping, however deep. */
    static Stream<Map<?, ?>> mappings(Object node) {
        return switch (node) {
            case Map<?, ?> map ->
                Stream.concat(Stream.of(map), map.values().stream().flatMap(Kit::mappings));
            case List<?> list -> list.stream().flatMap(Kit::mappings);
            case null, default -> Stream.empty();
        };
    }

    /**
     * A program that judges files; where it is missing the build says so and goes on, unless it must be there.
     *
     * @param required the environment variable that says that it must
     * @param from the Debian package that has it
     */
    static Optional<String> program(String name, String required, String from) {
        Optional<String> found = Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        if (found.isEmpty()) {
            assertThat(System.getenv(required))
                    .as("%s is missing, and %s is set", name, required)
                    .isNull();
            System.err.println("Not checked: " + name + " is missing (Debian: apt-get install " + from + ")");
        }
        return found;
    }

    /** Runs a program to its end, which is a good one, and gives what it says. */
    static String run(Path folder, Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
