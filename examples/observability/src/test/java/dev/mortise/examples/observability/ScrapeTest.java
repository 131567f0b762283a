package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
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
                for (String name : new TreeSet<>(Metrics.used())) {
                    if (!Metrics.yetToCome().contains(Metrics.family(name))) {
                        awaitMetric(port, name);
                    }
                }
                awaitMetric(port, "api_request_duration_bucket");
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

    private void awaitMetric(int port, String name) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String answer = "";
        while (System.nanoTime() < deadline) {
            answer = get(port, "/api/v1/query?query=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
            if (answer.contains("\"metric\":{")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError(
                "Prometheus does not find " + name + ": " + answer + "\n" + Files.readString(folder.resolve("log")));
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
