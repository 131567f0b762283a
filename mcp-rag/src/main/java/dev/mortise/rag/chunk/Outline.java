package dev.mortise.rag.chunk;

import dev.mortise.rag.document.Block;
import java.util.ArrayList;
import java.util.List;

/** The headings that the place that is read stands under. */
final class Outline {
    private final List<Block.Heading> open = new ArrayList<>();

    void enter(Block.Heading heading) {
        open.removeIf(each -> each.level() >= heading.level());
        open.add(heading);
    }

    List<String> path() {
        return open.stream()
                .map(Block.Heading::title)
                .filter(title -> !title.isBlank())
                .toList();
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
