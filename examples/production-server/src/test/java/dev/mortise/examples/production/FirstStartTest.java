package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that begin together, with nothing there yet. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FirstStartTest {
    private static final String KEY = "administrator key, shown this once: ";

    @TempDir
    Path home;

    @Test
    void ofTwoReplicasThatBeginAtOnceOneMakesTheKeyAndTheOtherSaysWhich() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Map<String, String> settings = Map.of(
                    "DATABASE_URL",
                    "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/postgres",
                    "MORTISE_SECRET",
                    "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d",
                    "MORTISE_RESOURCE",
                    "http://127.0.0.1:4321/mcp");
            Path one = Files.createDirectory(home.resolve("one"));
            Path two = Files.createDirectory(home.resolve("two"));
            Process first = Service.process(one, settings, "serve");
            Process second = Service.process(two, settings, "serve");
            try (BufferedReader here = first.inputReader(StandardCharsets.UTF_8);
                    BufferedReader there = second.inputReader(StandardCharsets.UTF_8)) {
                List<String> said = List.of(announced(one, here), announced(two, there));
                assertThat(said).filteredOn(line -> line.startsWith(KEY)).hasSize(1);
                String showing = Long.toString(said.getFirst().startsWith(KEY) ? first.pid() : second.pid());
                assertThat(said)
                        .filteredOn(line -> !line.startsWith(KEY))
                        .singleElement()
                        .asString()
                        .matches("the administrator key was shown by (\\S+-)?" + showing + " at 2\\S+Z; more keys: .*");
            } finally {
                first.destroyForcibly().waitFor();
                second.destroyForcibly().waitFor();
            }
            assertThat(Service.run(one, settings, "keys", "list").out().lines())
                    .singleElement()
                    .asString()
                    .contains("administrator");
        }
    }

    private static String announced(Path home, BufferedReader out) throws Exception {
        assertThat(out.readLine())
                .as(Files.readString(home.resolve("stderr-serve")))
                .startsWith("listening on ");
        return Objects.requireNonNull(out.readLine());
    }
}
