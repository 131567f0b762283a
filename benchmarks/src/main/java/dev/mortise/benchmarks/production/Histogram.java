package dev.mortise.benchmarks.production;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The bytes that objects of each class take up, as {@code jcmd PID GC.class_histogram} tells it. What a collector fills gaps
 * with is in there, too, and is left out: nothing refers to it.
 *
 * @param bytes for each class, by its name in the JVM's spelling
 */
record Histogram(Map<String, Long> bytes) {
    private static final Pattern LINE = Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)");

    private static final String FILLER = "jdk.internal.vm.Filler";

    /** @throws IOException if that says something else */
    static Histogram of(String said) throws IOException {
        Map<String, Long> bytes = new HashMap<>();
        for (Matcher line = LINE.matcher(said); line.find(); ) {
            if (line.group(2).contains(FILLER)) {
                continue;
            }
            // Classes of different loaders may have the same name.
            bytes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
        }
        if (bytes.isEmpty()) {
            throw new IOException("No histogram of classes: " + said);
        }
        return new Histogram(bytes);
    }

    long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What has changed most since another one, in bytes; the greatest change first. */
    Map<String, Long> since(Histogram before, int classes) {
        return Stream.concat(bytes.keySet().stream(), before.bytes.keySet().stream())
                .distinct()
                .map(name -> Map.entry(name, bytes.getOrDefault(name, 0L) - before.bytes.getOrDefault(name, 0L)))
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> change) -> Math.abs(change.getValue()))
                        .reversed())
                .limit(classes)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }
}
