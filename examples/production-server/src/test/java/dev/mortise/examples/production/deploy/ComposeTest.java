package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.examples.production.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compose file as compose itself reads it, and what Prometheus and Alertmanager say of theirs. */
class ComposeTest {
    @TempDir
    Path folder;

    /** In a copy of it, as somebody does who begins. */
    private Path initialized() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("a/b/deploy/compose"));
        for (Path file :
                Kit.files(Kit.COMPOSE, "").stream().filter(Files::isRegularFile).toList()) {
            Path target = copy.resolve(Kit.COMPOSE.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        assertThat(Kit.run(copy, Map.of(), "./init", "mcp.example.com")).contains("Ready");
        return copy;
    }

    @Test
    void initMakesWhatIsSecretOnceAndForItsOwnerAlone() throws Exception {
        Path copy = initialized();
        String made = Files.readString(copy.resolve(".env"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.resolve(".env"))))
                .isEqualTo("rw-------");
        assertThat(made).contains("MORTISE_RESOURCE=https://mcp.example.com/mcp");
        assertThat(made.lines()
                        .map(line -> line.substring(line.indexOf('=') + 1))
                        .distinct()
                        .count())
                .as("each of its own")
                .isEqualTo(made.lines().count());
        assertThat(made).contains("METRICS_TOKEN=" + Files.readString(copy.resolve("secrets/metrics_token")));
        Kit.run(copy, Map.of(), "./init");
        assertThat(copy.resolve(".env")).hasContent(made);
    }

    @Test
    void composeTakesIt() throws Exception {
        Optional<String> compose = Kit.program("docker-compose", "MORTISE_REQUIRE_COMPOSE", "docker-compose");
        if (compose.isEmpty()) {
            return;
        }
        String config = Kit.run(initialized(), Map.of(), compose.get(), "--profile", "logs", "config");
        assertThat(config).contains("appendonly yes", "replica-1:", "replica-2:", "pgvector", "filebeat:");
        for (Setting setting : List.of(Setting.DATABASE_URL, Setting.REDIS_URL, Setting.MORTISE_PROXIES)) {
            assertThat(config).contains("      " + setting + ": ");
        }
    }

    /** The image cannot be written; where it has to be, its user can. Nothing can be executed from there: see ImageTest. */
    @Test
    void replicasCanWriteWhereTheyHaveTo() throws Exception {
        Map<?, ?> replica = (Map<?, ?>) Objects.requireNonNull(Kit.documents(Kit.COMPOSE.resolve("docker-compose.yml"))
                .getFirst()
                .get("x-replica"));
        assertThat(replica.get("read_only")).isEqualTo(true);
        assertThat((List<?>) replica.get("tmpfs"))
                .map(Object::toString)
                .containsExactly("/tmp", "/data:uid=10001,gid=10001,mode=0700");
    }

    /** Files that services mount from beside the compose file, or from elsewhere in the repository, are there. */
    @Test
    void whatIsMountedIsThere() throws Exception {
        List<String> mounted = Kit.mappings(Kit.documents(Kit.COMPOSE.resolve("docker-compose.yml")))
                .map(map -> map.get("volumes"))
                .filter(List.class::isInstance)
                .flatMap(list -> ((List<?>) list).stream())
                .map(volume -> volume.toString().split(":", -1)[0])
                .filter(source -> source.startsWith("."))
                .filter(source -> !source.startsWith("./secrets/"))
                .toList();
        assertThat(mounted)
                .hasSizeGreaterThan(8)
                .allSatisfy(source -> assertThat(Kit.COMPOSE.resolve(source)).isRegularFile());
    }

    @Test
    void prometheusAndAlertmanagerTakeTheirs() throws Exception {
        Path copy = initialized();
        Optional<String> promtool = Kit.program("promtool", "MORTISE_REQUIRE_PROMETHEUS", "prometheus");
        if (promtool.isPresent()) {
            Path config = copy.resolve("prometheus/prometheus.yml");
            Files.copy(copy.resolve("secrets/metrics_token"), copy.resolve("prometheus/metrics_token"));
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replace(
                                    "/etc/prometheus",
                                    copy.resolve("prometheus").toString()));
            assertThat(Kit.run(copy, Map.of(), promtool.get(), "check", "config", config.toString()))
                    .contains("1 rule files found", "is valid prometheus config file");
        }
        Optional<String> amtool = Kit.program("amtool", "MORTISE_REQUIRE_PROMETHEUS", "prometheus-alertmanager");
        if (amtool.isPresent()) {
            Path config = Kit.COMPOSE.resolve("alertmanager/alertmanager.yml").toAbsolutePath();
            assertThat(Kit.run(copy, Map.of(), amtool.get(), "check-config", config.toString()))
                    .contains("SUCCESS", "1 receivers", "2 inhibit rules");
            assertThat(Stream.of("critical", "warning", "info").map(severity -> routed(amtool.get(), config, severity)))
                    .allSatisfy(said -> assertThat(said).endsWith("chat"));
        }
    }

    private String routed(String amtool, Path config, String severity) {
        try {
            return Kit.run(
                            folder,
                            Map.of(),
                            amtool,
                            "config",
                            "routes",
                            "test",
                            "--config.file=" + config,
                            "severity=" + severity)
                    .strip();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
