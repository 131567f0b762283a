package dev.mortise.rag.chunk;

import dev.mortise.rag.document.Block;
import java.util.ArrayList;
import java.util.List;

/** The headings that the place that is read stands under. */
final class Outline {
    /** More than people nest. Every passage has its path, so that a document of JSON could make much of little. */
    private static final int MOST_HEADINGS = 10;

    /** Of what is kept of a path, in UTF-16 units. */
    private static final int MOST_CHARACTERS = 600;

    /** Each of a higher level than the one before. */
    private final List<Block.Heading> open = new ArrayList<>();

    void enter(Block.Heading heading) {
        while (!open.isEmpty() && open.getLast().level() >= heading.level()) {
            open.removeLast();
        }
        open.add(heading);
    }

    /** The innermost say the most: of a longer path, the outer ones are left out. */
    List<String> path() {
        List<String> path = new ArrayList<>(Math.min(open.size(), MOST_HEADINGS));
        for (int at = open.size() - 1; at >= 0 && path.size() < MOST_HEADINGS; at--) {
            String title = open.get(at).title();
            if (!title.isBlank()) {
                path.add(title);
            }
        }
        return List.copyOf(path.reversed());
    }

    /** What a passage keeps of its path. */
    static List<String> kept(List<String> path) {
        int from = path.size();
        int characters = 0;
        while (from > 0 && characters + path.get(from - 1).length() <= MOST_CHARACTERS) {
            from--;
            characters += path.get(from).length();
        }
        return path.subList(from, path.size());
    }

    /** What two places both stand under. */
    static List<String> common(List<String> one, List<String> other) {
        int length = 0;
        while (length < Math.min(one.size(), other.size()) && one.get(length).equals(other.get(length))) {
            length++;
        }
        return one.subList(0, length);
    }
}
