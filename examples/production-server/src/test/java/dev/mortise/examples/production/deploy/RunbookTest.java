package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every alert has a section of the runbook, and every such section an alert. */
class RunbookTest {
    private static final Path RUNBOOK = Kit.DEPLOY.resolve("runbook.md");

    @Test
    void alertsAndSectionsAreTheSame() throws Exception {
        Set<String> alerts = new TreeSet<>(found("- alert: (\\w+)", Kit.RULES));
        assertThat(alerts).hasSizeGreaterThan(10);
        assertThat(new TreeSet<>(found("(?m)^## (Mortise\\w+)$", RUNBOOK))).isEqualTo(alerts);
    }

    @Test
    void linksWithinItLeadSomewhere() throws Exception {
        List<String> headings = found("(?m)^#+ (.+)$", RUNBOOK).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT).replace(' ', '-'))
                .toList();
        assertThat(found("\\]\\(#([^)]+)\\)", RUNBOOK)).isNotEmpty().isSubsetOf(headings);
    }

    /** Figures that it says to look at are those that there are; WatchedTest asks a running server for them. */
    @Test
    void metricsThatItNamesAreDocumented() throws Exception {
        String operations = Files.readString(Path.of("../../docs/operations.md"));
        List<String> named = found("\\b([a-z_]+_total|system_health|handlers_abandoned)\\b", RUNBOOK);
        assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(operations).contains(name));
    }

    private static List<String> found(String pattern, Path file) throws Exception {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
