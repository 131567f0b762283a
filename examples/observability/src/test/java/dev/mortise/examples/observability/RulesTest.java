package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules, by Prometheus' own judgement: their form, and when they fire and when they do not. */
class RulesTest {
    @Test
    void areRulesAndFireWhenTheyShould() throws Exception {
        Optional<String> promtool = Prometheus.program("promtool");
        if (promtool.isPresent()) {
            assertThat(Prometheus.run(List.of(promtool.get(), "check", "config", "prometheus/prometheus.yml")))
                    .contains("SUCCESS");
            assertThat(Prometheus.run(List.of(promtool.get(), "test", "rules", "prometheus/rules-test.yml")))
                    .contains("SUCCESS");
        }
    }

    /** A rule without a case that fires and one that does not is a guess. */
    @Test
    void everyAlertHasACaseThatFiresAndOneThatDoesNot() throws Exception {
        String tests = java.nio.file.Files.readString(java.nio.file.Path.of("prometheus/rules-test.yml"));
        assertThat(Metrics.alerts())
                .hasSizeGreaterThan(10)
                .allSatisfy(alert -> assertThat(tests).contains("alertname: " + alert + "\n        exp_alerts:\n"));
    }
}
