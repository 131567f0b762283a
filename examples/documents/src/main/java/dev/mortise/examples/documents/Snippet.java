package dev.mortise.examples.documents;

import dev.mortise.examples.documents.Words.Word;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The piece of a text that shows best why it was found. */
final class Snippet {
    private static final int LENGTH = 240;
    private static final int BEFORE = 40;

    private Snippet() {}

    /** @param weights the words that were asked for, and how much each matters */
    static String of(String text, Map<String, Double> weights) {
        int start = afterSpace(text, Math.max(0, bestStart(text, weights) - BEFORE));
        int end = beforeSpace(text, Math.min(text.length(), start + LENGTH));
        String piece = text.substring(start, end).replaceAll("\\s+", " ").strip();
        return (start > 0 ? "…" : "") + piece + (end < text.length() ? "…" : "");
    }

    /** Where the stretch begins in which the words that occur weigh most, each counted once. */
    private static int bestStart(String text, Map<String, Double> weights) {
        Deque<Word> stretch = new ArrayDeque<>();
        Map<String, Integer> counts = new HashMap<>();
        int bestStart = 0;
        double bestWeight = 0;
        double weight = 0;
        for (Word word : Words.in(text)) {
            Double own = weights.get(word.text());
            if (own == null) {
                continue;
            }
            stretch.addLast(word);
            weight += counts.merge(word.text(), 1, Integer::sum) == 1 ? own : 0;
            while (stretch.getFirst().start() < word.start() - LENGTH + 2 * BEFORE) {
                Word left = stretch.removeFirst();
                weight -= counts.merge(left.text(), -1, Integer::sum) == 0 ? weights.getOrDefault(left.text(), 0.0) : 0;
            }
            if (weight > bestWeight + 1e-9) {
                bestWeight = weight;
                bestStart = stretch.getFirst().start();
            }
        }
        return bestStart;
    }

    private static int afterSpace(String text, int position) {
        for (int i = position; i > 0 && i < Math.min(text.length(), position + BEFORE); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i + 1;
            }
        }
        return betweenCharacters(text, position);
    }

    private static int beforeSpace(String text, int position) {
        for (int i = position; i < text.length() && i > position - BEFORE; i--) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return betweenCharacters(text, position);
    }

    private static int betweenCharacters(String text, int position) {
        return position < text.length() && Character.isLowSurrogate(text.charAt(position)) ? position + 1 : position;
    }
}
