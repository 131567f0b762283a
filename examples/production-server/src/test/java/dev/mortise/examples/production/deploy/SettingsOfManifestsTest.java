package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the manifests set is what the server reads, and it would start with it; and there is no secret in them. */
class SettingsOfManifestsTest {
    private static final Set<String> KNOWN =
            Arrays.stream(Setting.values()).map(Enum::name).collect(Collectors.toSet());

    /** What stands in for a value that a manifest only refers to. */
    private static final Map<String, String> REFERRED = Map.of(
            "DATABASE_URL", "postgresql://mortise:x@db/mortise",
            "REDIS_URL", "redis://redis:6379",
            "MORTISE_SECRET", "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d",
            "METRICS_TOKEN", "k3Q9vZpL0wXyT7uRb2NfEo8s",
            "MORTISE_RESOURCE", "https://mcp.example.com/mcp");

    /** Long, random, and no name of anything. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)(password|secret|token|api_?key)[\"']?\\s*[:=]\\s*[\"']?[A-Za-z0-9+_-]{12,}|-----BEGIN|"
                    + "://[^:/\\s$]+:[^@\\s$<>]{3,}@|[0-9a-f]{32,}");

    @ParameterizedTest
    @CsvSource({
        "compose/docker-compose.yml",
        "kubernetes/deployment.yaml",
        "cloud-run/service.yaml",
        "ecs/task-definition.json",
        "digitalocean/app.yaml"
    })
    void setsWhatIsReadAndTheServerWouldStart(String file) throws Exception {
        Map<String, String> variables = variables(file);
        assertThat(KNOWN).containsAll(variables.keySet());
        assertThat(variables.keySet())
                .contains("DATABASE_URL", "REDIS_URL", "MORTISE_SECRET", "METRICS_TOKEN", "MORTISE_PROXIES");
        Map<String, String> environment = new HashMap<>(variables);
        environment.replaceAll(
                (name, value) -> value.isEmpty() || value.contains("$") || name.equals("MORTISE_RESOURCE")
                        ? REFERRED.getOrDefault(name, "")
                        : value);
        // As the image has it.
        environment.putIfAbsent("MORTISE_BIND", "0.0.0.0");
        Settings settings = Settings.of(environment);
        assertThat(settings.isReplicated()).isTrue();
        assertThat(settings.get(Setting.MORTISE_LOG_FORMAT)).isEqualTo("ECS");
    }

    /** By name; what is referred to has no value. */
    private static Map<String, String> variables(String file) throws Exception {
        Path path = Kit.DEPLOY.resolve(file);
        Map<String, String> variables = new TreeMap<>();
        if (file.startsWith("compose")) {
            Object replica = Kit.documents(path).getFirst().get("x-replica");
            ((Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(replica)).get("environment")))
                    .forEach((name, value) -> variables.put(name.toString(), String.valueOf(value)));
            return variables;
        }
        Object root = file.endsWith(".json")
                ? Json.mapper().convertValue(Json.parse(Files.readString(path)), Map.class)
                : Kit.documents(path);
        Kit.mappings(root)
                .flatMap(map ->
                        Stream.of("env", "envs", "environment", "secrets").map(map::get))
                .filter(List.class::isInstance)
                .flatMap(list -> ((List<?>) list).stream())
                .map(one -> (Map<?, ?>) one)
                .forEach(one -> variables.put(
                        String.valueOf(one.containsKey("name") ? one.get("name") : one.get("key")),
                        one.get("value") == null ? "" : String.valueOf(one.get("value"))));
        if (file.startsWith("kubernetes")) {
            Map<?, ?> settings = Kit.documents(Kit.DEPLOY.resolve("kubernetes/settings.yaml"))
                    .getFirst();
            ((Map<?, ?>) Objects.requireNonNull(settings.get("data")))
                    .forEach((name, value) -> variables.put(name.toString(), String.valueOf(value)));
        }
        return variables;
    }

    /** All that look like settings, wherever they stand: in scripts, in the image, in what is to be read. */
    @Test
    void noSettingIsMentionedThatThereIsNot() throws Exception {
        Pattern name = Pattern.compile("\\b(MORTISE_[A-Z_]+|JWT_[A-Z_]+|METRICS_[A-Z]+|OTEL_[A-Z_]+)\\b");
        for (Path file : texts()) {
            List<String> mentioned = name.matcher(Files.readString(file))
                    .results()
                    .map(match -> match.group(1))
                    .filter(one -> !one.equals("MORTISE_IMAGE") && !one.startsWith("MORTISE_REQUIRE"))
                    .toList();
            assertThat(KNOWN).as(file.toString()).containsAll(mentioned);
        }
    }

    @Test
    void noSecretIsInAnyFile() throws Exception {
        assertThat(SECRET.matcher("postgresql://ann:pa55word@db").find()).isTrue();
        assertThat(SECRET.matcher("METRICS_TOKEN=0123456789abcdef").find()).isTrue();
        for (Path file : texts()) {
            assertThat(Files.readString(file)
                            .lines()
                            .filter(line -> SECRET.matcher(line).find()))
                    .as(file.toString())
                    .isEmpty();
        }
    }

    private static List<Path> texts() throws Exception {
        return Kit.files(Kit.DEPLOY, "").stream()
                .filter(Files::isRegularFile)
                .filter(file -> !file.getFileName().toString().equals(".env"))
                .toList();
    }
}
