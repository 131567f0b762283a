package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the running example: every metric that a rule or a panel names is there. */
class ScrapeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void everythingThatRulesAndPanelsNameIsDocumented() throws Exception {
        assertThat(Metrics.used())
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(Metrics.documented()).contains(Metrics.family(name)));
    }

    @Test
    void prometheusFindsWhatRulesAndPanelsName() throws Exception {
        Optional<String> prometheus = Prometheus.program("prometheus");
        if (prometheus.isEmpty()) {
            return;
        }
        try (ObservedServer server = ObservedServer.start(0, null)) {
            Traffic.send(server);
            int port = freePort();
            Process process = start(prometheus.get(), port, server.address());
            try {
                Set<String> expected = new TreeSet<>(Metrics.used());
                expected.add("api_request_duration_bucket");
                expected.add("rag_query_performance_bucket");
                awaitMetrics(port, expected);
                String rules = get(port, "/api/v1/rules");
                assertThat(rules).contains("\"health\":\"ok\"").doesNotContain("\"health\":\"err\"");
            } finally {
                process.destroy();
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
        }
    }

    private Process start(String program, int port, String target) throws IOException {
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(
                config,
                Files.readString(Path.of("prometheus/prometheus.yml"))
                        .replace("15s", "1s")
                        .replace(
                                "rules.yml",
                                Path.of("prometheus/rules.yml").toAbsolutePath().toString())
                        .replace("127.0.0.1:8080", target));
        List<String> command = new ArrayList<>(List.of(
                program,
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Asks again and again, as long as an answer takes, until Prometheus knows all the names. */
    private void awaitMetrics(int port, Set<String> names) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Set<String> missing = names;
        do {
            Set<String> known = Arrays.stream(
                            get(port, "/api/v1/label/__name__/values").split("[^a-zA-Z0-9_:]+", -1))
                    .collect(Collectors.toSet());
            missing = missing.stream().filter(name -> !known.contains(name)).collect(Collectors.toSet());
        } while (!missing.isEmpty() && System.nanoTime() - end < 0);
        assertThat(missing)
                .as("Prometheus does not find these: %s", Files.readString(folder.resolve("log")))
                .isEmpty();
    }

    private String get(int port, String path) throws InterruptedException {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "not there yet: " + e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
