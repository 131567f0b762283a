package dev.mortise.examples.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The headings of a Markdown text that begin with {@code #}, outside of fenced code. */
final class Headings {
    private static final Pattern HEADING = Pattern.compile(" {0,3}(#{1,6})[ \\t]++(\\S.*)");
    private static final Pattern CLOSING = Pattern.compile("[ \\t]+#+[ \\t]*$");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+).*");

    /** @param level 1 to 6 */
    record Heading(int level, String text) {}

    private Headings() {}

    static List<Heading> of(String markdown) {
        List<Heading> headings = new ArrayList<>();
        String fence = "";
        for (String line : (Iterable<String>) markdown.lines()::iterator) {
            Matcher opening = FENCE.matcher(line);
            if (!fence.isEmpty()) {
                fence = line.strip().startsWith(fence) ? "" : fence;
            } else if (opening.matches()) {
                fence = opening.group(1);
            } else {
                heading(line).ifPresent(headings::add);
            }
        }
        return headings;
    }

    private static Optional<Heading> heading(String line) {
        Matcher heading = HEADING.matcher(line);
        if (!heading.matches()) {
            return Optional.empty();
        }
        String text = CLOSING.matcher(heading.group(2)).replaceFirst("").strip();
        return Optional.of(new Heading(heading.group(1).length(), text));
    }

    /** What a document calls itself: its first heading; the name of its file if it has none. */
    static String title(DocumentName name, String head) {
        String fileName = name.value().substring(name.value().lastIndexOf('/') + 1);
        return name.isMarkdown()
                ? of(head).stream().findFirst().map(Heading::text).orElse(fileName)
                : fileName;
    }
}
