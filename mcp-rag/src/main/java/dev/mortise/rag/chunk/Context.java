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
        while (!path.isEmpty()) {
            String line = String.join(BETWEEN, path) + "\n\n";
            if (counter.count(line) <= maxTokens) {
                return line;
            }
            // The title and the innermost say the most.
            if (path.size() > 2) {
                path.remove(1);
            } else if (path.size() == 2) {
                path.removeFirst();
            } else {
                int end = HardCut.prefix(line, 0, line.length() - 2, maxTokens, counter);
                return end == 0 ? "" : line.substring(0, end) + "\n\n";
            }
        }
        return "";
    }
}
