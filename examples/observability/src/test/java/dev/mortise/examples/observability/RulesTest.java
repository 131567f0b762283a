package dev.mortise.examples.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules, by Prometheus' own judgement: their form, and when they fire and when they do not. */
class RulesTest {
    private static final Path RULES = Path.of("prometheus/rules.yml");
    private static final Path CASES = Path.of("prometheus/rules-test.yml");

    /** A comparison with a number, or a product of numbers. */
    private static final Pattern THRESHOLD = Pattern.compile("\\s(?:==|[<>]=?)\\s+[0-9.]+(?:\\s*\\*\\s*[0-9.]+)*");

    private static final Pattern FAILED = Pattern.compile("alertname: (\\w+), time:");

    @TempDir
    Path folder;

    @Test
    void areRulesAndFireWhenTheyShould() throws Exception {
        Optional<String> promtool = Prometheus.program("promtool");
        if (promtool.isPresent()) {
            assertThat(Prometheus.run(List.of(promtool.get(), "check", "config", "prometheus/prometheus.yml")))
                    .contains("SUCCESS");
            assertThat(Prometheus.run(List.of(promtool.get(), "test", "rules", CASES.toString())))
                    .contains("SUCCESS");
        }
    }

    /** A rule without a case that fires and one that does not is a guess: its cases notice when it changes. */
    @Test
    void theCasesNoticeARuleThatNeverFiresAndOneThatFiresForEveryValue() throws Exception {
        Optional<String> promtool = Prometheus.program("promtool");
        assertThat(Metrics.alerts()).hasSizeGreaterThan(15).doesNotHaveDuplicates();
        if (promtool.isEmpty()) {
            return;
        }
        String rules = Files.readString(RULES);
        String never = rules;
        String always = rules;
        for (String alert : Metrics.alerts()) {
            String rule = rule(rules, alert);
            never = never.replace(rule, silent(rule));
            String boundless = THRESHOLD.matcher(rule).replaceAll("");
            assertThat(boundless).as("%s compares with a number", alert).isNotEqualTo(rule);
            always = always.replace(rule, boundless);
        }
        Set<String> missed = failed(outcome(promtool.get(), never));
        Set<String> extra = failed(outcome(promtool.get(), always));
        assertThat(missed).as("a case that fires").containsAll(Metrics.alerts());
        assertThat(extra).as("a case that does not fire").containsAll(Metrics.alerts());
    }

    /** The alerts of which promtool says that they did not behave as expected. */
    private static Set<String> failed(String said) {
        return FAILED.matcher(said).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    /** The text of one rule, up to the next. */
    private static String rule(String rules, String alert) {
        int begin = rules.indexOf("      - alert: " + alert + "\n");
        int next = rules.indexOf("      - alert: ", begin + 1);
        return rules.substring(begin, next < 0 ? rules.length() : next);
    }

    /** The same under another name, so that it never fires under its own. */
    private static String silent(String rule) {
        return rule.replaceFirst("- alert: (\\w+)", "- alert: $1Elsewhere");
    }

    private String outcome(String promtool, String rules) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("rules.yml"), rules);
        Files.copy(CASES, folder.resolve("rules-test.yml"), StandardCopyOption.REPLACE_EXISTING);
        return Prometheus.say(List.of(
                promtool, "test", "rules", folder.resolve("rules-test.yml").toString()));
    }
}
