package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.json.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/**
 * Rules, panels and the runbook against what a running server says at /metrics: an alert whose metric is never reported never
 * fires, and who reads the file believes that it would.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchedTest {
    private static final Path KIT = Path.of("deploy");
    private static final Path RULES = KIT.resolve("compose/prometheus/rules.yml");
    private static final Path DASHBOARD = KIT.resolve("compose/grafana/mortise.json");
    private static final Path ALL_RULES = Path.of("../observability/prometheus/rules.yml");
    private static final Path ALL_PANELS = Path.of("../observability/grafana/mortise.json");

    /** What stands in an expression and is no label, function or keyword: it is followed by a selector, a range or an operator. */
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w:.\"$])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=[\\[{)]|\\s+[-<>=/]|\\s*$)");

    private static final Pattern FIGURE = Pattern.compile("\\b([a-z_]+_total|system_health|handlers_abandoned)\\b");

    private final Set<String> reported = new TreeSet<>();
    private Service service;

    @BeforeAll
    void askTheServer(@TempDir Path home) throws Exception {
        // One provider of payments, whose webhooks are counted.
        service = Service.start(
                home,
                Map.of(
                        "STRIPE_SECRET_KEY",
                        "sk_test_51",
                        "STRIPE_WEBHOOK_SECRET",
                        "whsec_x",
                        "STRIPE_PRICES",
                        "starter=price_1"));
        try (McpClient client = service.client(service.adminKey())) {
            Service.call(client, "who_am_i", Map.of());
        }
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.url().resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        answer.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .forEach(reported::add);
        // Counted from the first change of state on: a healthy server has none.
        reported.add("service_events_total");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void everyAlertThatCanFireIsShippedAndNoOther() throws Exception {
        List<Map<?, ?>> possible = rules(ALL_RULES);
        assertThat(possible).hasSizeGreaterThan(20);
        possible.removeIf(
                rule -> rule.containsKey("alert") && !reported.containsAll(names(String.valueOf(rule.get("expr")))));
        assertThat(rules(RULES)).isEqualTo(possible);
    }

    @Test
    void everyPanelThatShowsSomethingIsShippedAndNoOther() throws Exception {
        Map<String, Set<String>> possible = panels(ALL_PANELS);
        assertThat(possible).hasSizeGreaterThan(15);
        possible.values().forEach(queries -> queries.removeIf(query -> !reported.containsAll(names(query))));
        possible.values().removeIf(Set::isEmpty);
        assertThat(panels(DASHBOARD)).isEqualTo(possible);
    }

    @Test
    void figuresOfTheRunbookAreReported() throws Exception {
        Set<String> named = FIGURE.matcher(Files.readString(KIT.resolve("runbook.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(4);
        assertThat(reported).containsAll(named);
    }

    private static List<Map<?, ?>> rules(Path file) throws Exception {
        Map<?, ?> document =
                (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        List<Map<?, ?>> rules = new ArrayList<>();
        for (Object group : (List<?>) Objects.requireNonNull(document.get("groups"))) {
            for (Object rule : (List<?>) Objects.requireNonNull(((Map<?, ?>) group).get("rules"))) {
                rules.add((Map<?, ?>) rule);
            }
        }
        return rules;
    }

    private static Map<String, Set<String>> panels(Path file) throws Exception {
        Map<String, Set<String>> panels = new TreeMap<>();
        for (JsonNode panel : Json.parse(Files.readString(file)).path("panels")) {
            panels.put(
                    panel.path("title").stringValue(""),
                    panel.path("targets")
                            .valueStream()
                            .map(target -> target.path("expr").stringValue(""))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return panels;
    }

    /** Of metrics, not of what rules record, which has colons; Prometheus itself knows what is {@code up}. */
    private static Set<String> names(String expression) {
        return NAME.matcher(expression).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }
}
