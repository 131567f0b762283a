package dev.mortise.servlet.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What came of every operation in every setting. */
record Matrix(Map<Setting, Map<String, String>> outcomes) {
    /** As many settings at a time; most of their time is waiting. */
    private static final int AT_ONCE = 4;

    static Matrix run() throws Exception {
        Map<Setting, Future<Map<String, String>>> running = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Setting setting : Setting.all()) {
                running.put(setting, threads.submit(() -> run(setting)));
            }
        }
        Map<Setting, Map<String, String>> outcomes = new LinkedHashMap<>();
        for (var entry : running.entrySet()) {
            outcomes.put(entry.getKey(), entry.getValue().get());
        }
        return new Matrix(outcomes);
    }

    private static Map<String, String> run(Setting setting) throws Exception {
        Map<String, String> outcomes = new LinkedHashMap<>();
        try (Bench bench = new Bench(setting)) {
            for (Operation operation : Script.OPERATIONS) {
                outcomes.put(operation.name(), operation.outcome(bench));
            }
        }
        return outcomes;
    }

    /** For people: what is the same everywhere on the left, and what is not under it. */
    String table() {
        StringBuilder table = new StringBuilder("%d operations in %d settings: %s%n%n"
                .formatted(Script.OPERATIONS.size(), outcomes.size(), outcomes.keySet()));
        for (Operation operation : Script.OPERATIONS) {
            table.append("%-40s %s%n".formatted(operation.name(), operation.expected()));
            Map<String, List<Setting>> others = new LinkedHashMap<>();
            outcomes.forEach((setting, of) -> {
                String outcome = of.getOrDefault(operation.name(), "not done");
                if (!outcome.equals(operation.expected())) {
                    others.computeIfAbsent(outcome, ignored -> new ArrayList<>())
                            .add(setting);
                }
            });
            others.forEach((outcome, settings) -> table.append("%40s %s  in %s%n".formatted("", outcome, settings)));
        }
        return table.toString();
    }
}
