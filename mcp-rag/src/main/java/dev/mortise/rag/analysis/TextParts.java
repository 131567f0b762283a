package dev.mortise.rag.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a text apart for those who look at words one after the other, as phrases need it: the words of identifiers one by
 * one, and what is written without spaces as it stands. It comes apart where {@link TextAnalyzer} takes it apart, too.
 */
public final class TextParts {
    private TextParts() {}

    /** In the order of the text. */
    public sealed interface Part {
        /** As it stands, but for case, width and accents. */
        String surface();
    }

    /** @param stem what equal words have in common */
    public record Word(String surface, String stem) implements Part {}

    /** Characters of a writing without spaces, such as Chinese, without a break. */
    public record Run(String surface) implements Part {
        /** Neighbours two by two; a character that stands alone is itself. */
        public List<String> pairs() {
            List<String> pairs = new ArrayList<>(surface.length());
            forEachPair(surface, 0, surface.length(), (start, end) -> pairs.add(surface.substring(start, end)));
            return pairs;
        }
    }

    public static List<Part> of(String text) {
        List<Part> parts = new ArrayList<>();
        new TextRuns(text).forEach((start, end, spaceless) -> {
            if (spaceless) {
                parts.add(new Run(Letters.normal(text.substring(start, end))));
            } else {
                Identifiers.forEachPart(text, start, end, (from, to) -> {
                    String word = Letters.normal(text.substring(from, to));
                    parts.add(new Word(word, Stems.of(word)));
                });
            }
        });
        return parts;
    }

    /** Takes a stretch of a text. */
    interface Stretch {
        void take(int start, int end);
    }

    static void forEachPair(String text, int start, int end, Stretch pair) {
        int first = start;
        int second = first + Character.charCount(text.codePointAt(first));
        if (second >= end) {
            pair.take(start, end);
        }
        while (second < end) {
            int after = second + Character.charCount(text.codePointAt(second));
            pair.take(first, after);
            first = second;
            second = after;
        }
    }
}
