package dev.mortise.rag.chunk;

import java.util.ArrayList;
import java.util.List;

/** The line before a passage that says what it is about. */
final class Context {
    private static final String BETWEEN = " > ";

    private Context() {}

    /** Title and headings, of which the outer ones and then the end go where they are more than these tokens. */
    static String of(String title, List<String> headings, int maxTokens, TokenCounter counter) {
        List<String> path = new ArrayList<>(headings);
        if (path.isEmpty() || !path.getFirst().equals(title)) {
            path.addFirst(title);
        }
        path.removeIf(String::isBlank);
        if (path.isEmpty()) {
            return "";
        }
        String whole = line(path);
        return counter.count(whole) <= maxTokens ? whole : shortened(path, maxTokens, counter);
    }

    private static String line(List<String> path) {
        return String.join(BETWEEN, path) + "\n\n";
    }

    /** Counts each heading once: put together they are no more than their sum. */
    private static String shortened(List<String> path, int maxTokens, TokenCounter counter) {
        // The title and the innermost say the most.
        int room = maxTokens - counter.count(path.getFirst());
        int from = path.size();
        while (from > 1) {
            room -= counter.count(BETWEEN + path.get(from - 1));
            if (room < 0) {
                break;
            }
            from--;
        }
        if (from < path.size()) {
            List<String> kept = new ArrayList<>(path.subList(from, path.size()));
            kept.addFirst(path.getFirst());
            return line(kept);
        }
        String line = path.getLast() + "\n\n";
        int end = HardCut.prefix(line, 0, line.length() - 2, maxTokens, counter);
        return end == 0 ? "" : line.substring(0, end) + "\n\n";
    }
}
