package dev.mortise.examples.production;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What stands behind a command: words, and options with and without a value. Immutable. */
record Options(List<String> words, Map<String, List<String>> options) {
    static Options parse(List<String> args, Set<String> withValue, Set<String> without) {
        List<String> words = new ArrayList<>();
        Map<String, List<String>> options = new HashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            String name = arg.startsWith("--") ? arg.substring(2) : "";
            if (name.isEmpty()) {
                words.add(arg);
            } else if (without.contains(name)) {
                options.put(name, List.of());
            } else if (withValue.contains(name) && i + 1 < args.size()) {
                options.computeIfAbsent(name, ignored -> new ArrayList<>()).add(args.get(++i));
            } else {
                throw new IllegalArgumentException(
                        withValue.contains(name) ? arg + " has no value" : "What is " + arg + "?");
            }
        }
        return new Options(List.copyOf(words), Map.copyOf(options));
    }

    /** The command that is given; help, in whatever way somebody asks for it; empty if there is none. */
    static String command(String[] args) {
        String first = args.length == 0 ? "" : args[0];
        return first.equals("-h") || List.of(args).contains("--help") ? "help" : first;
    }

    /** Where it was asked for, it is no mistake. */
    static int help() throws IOException {
        System.out.print(usage());
        return 0;
    }

    /** What commands there are, for people. */
    static String usage() throws IOException {
        try (var page = Options.class.getResourceAsStream("usage.txt")) {
            return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    boolean has(String name) {
        return options.containsKey(name);
    }

    List<String> values(String name) {
        return options.getOrDefault(name, List.of());
    }

    Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }
}
