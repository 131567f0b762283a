package dev.mortise.examples.observability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the files of this example, and the handbook, say about metrics. */
final class Metrics {
    private static final Path RULES = Path.of("prometheus/rules.yml");
    private static final Path DASHBOARD = Path.of("grafana/mortise.json");
    private static final Path HANDBOOK = Path.of("../../docs/operations.md");

    /** A name in an expression that is followed by a selector, a range, or an operator; not a function or a label. */
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w:.\"$])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=[\\[{)]|\\s+[-<>=]|$)");

    private static final Pattern YAML = Pattern.compile("(?m)^\\s+expr: (?:\\|\\n((?:\\s{10,}.*\\n)+)|(.*)$)");
    private static final Pattern JSON = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|.*\\|([^|\\n]*)\\|$");

    private Metrics() {}

    static List<String> alerts() throws IOException {
        return ALERT.matcher(Files.readString(RULES))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The names that rules and panels use. */
    static Set<String> used() throws IOException {
        Set<String> names = new TreeSet<>();
        collect(YAML.matcher(Files.readString(RULES)), names);
        collect(JSON.matcher(Files.readString(DASHBOARD)), names);
        return names;
    }

    private static void collect(Matcher expressions, Set<String> names) {
        expressions.results().forEach(match -> {
            String expression = match.group(1) == null ? match.group(2) : match.group(1);
            NAME.matcher(expression.replace("\\\"", "\"")).results().forEach(name -> names.add(name.group(1)));
        });
    }

    static Set<String> documented() throws IOException {
        return rows().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    private static java.util.stream.Stream<java.util.regex.MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(HANDBOOK)).results();
    }

    /** A series of a histogram belongs to the metric without its suffix. */
    static String family(String name) {
        return name.replaceAll("_(bucket|count|sum)$", "");
    }
}
