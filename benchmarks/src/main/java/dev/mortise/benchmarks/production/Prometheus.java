package dev.mortise.benchmarks.production;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A real Prometheus with the rules of the house, for which all that takes time takes a tenth of it. */
final class Prometheus implements AutoCloseable {
    static final int FASTER = 10;

    private static final Duration SCRAPED_EVERY = Duration.ofSeconds(15);
    private static final Pattern LASTING = Pattern.compile("(for: |\\[)(\\d+)([smhd])\\b");

    /** What a rule has found. */
    record Alert(String name, JsonNode labels, boolean firing, Instant since) {
        boolean hasLabel(String label, String value) {
            return labels.path(label).stringValue("").equals(value);
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Site.freePort();
    private final Process process;

    /** @param targets hosts and ports */
    Prometheus(Path directory, Path rules, List<String> targets) throws IOException {
        Path faster = Files.writeString(directory.resolve("rules.yml"), faster(Files.readString(rules)));
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global:
                  scrape_interval: %1$dms
                  scrape_timeout: %1$dms
                  evaluation_interval: %1$dms
                rule_files: ['%2$s']
                scrape_configs:
                  - job_name: mortise
                    static_configs:
                      - targets: [%3$s]
                """.formatted(
                        interval().toMillis(),
                        faster,
                        targets.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", "))));
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("prometheus-data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    private static Duration interval() {
        return SCRAPED_EVERY.dividedBy(FASTER);
    }

    /** What the scrapes and evaluations of a deployment add to what was seen here, at most. */
    static Duration slowerScrapes() {
        return SCRAPED_EVERY.minus(interval()).multipliedBy(2);
    }

    private static String faster(String rules) {
        return LASTING.matcher(rules)
                .replaceAll(found -> found.group(1)
                        + lasting(found.group(2) + found.group(3))
                                .dividedBy(FASTER)
                                .toMillis() + "ms");
    }

    private static Duration lasting(String text) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** For how long something must be so before that alert fires, in a deployment. */
    static Duration patience(Path rules, String alert) throws IOException {
        Matcher found = Pattern.compile("alert: " + alert + "\\n(?:(?! {6}- alert).*\\n)*? +for: (\\w+)\\n")
                .matcher(Files.readString(rules));
        return found.find() ? lasting(found.group(1)) : Duration.ZERO;
    }

    /** How many targets it reaches. */
    int reached() throws InterruptedException {
        return (int) get("/api/v1/query?query=up")
                .at("/data/result")
                .valueStream()
                .filter(each -> each.at("/value/1").stringValue("").equals("1"))
                .count();
    }

    List<Alert> alerts() throws InterruptedException {
        List<Alert> alerts = new ArrayList<>();
        for (JsonNode each : get("/api/v1/alerts").at("/data/alerts")) {
            alerts.add(new Alert(
                    each.at("/labels/alertname").stringValue(),
                    each.path("labels"),
                    each.path("state").stringValue().equals("firing"),
                    OffsetDateTime.parse(each.path("activeAt").stringValue()).toInstant()));
        }
        return alerts;
    }

    private JsonNode get(String path) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            // It answers with 503 and a plain text until it has read its storage.
            return Json.parse(response.statusCode() == 200 ? response.body() : "{}");
        } catch (IOException e) {
            // Not up yet.
            return Json.parse("{}");
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                Site.end(process);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
