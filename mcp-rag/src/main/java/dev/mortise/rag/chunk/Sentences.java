package dev.mortise.rag.chunk;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Where sentences end, in English and in Chinese, Japanese and Korean. */
final class Sentences {
    /** What is looked at in one go: a line of 50 MB without a full stop shall not be looked at again and again. */
    private static final int WINDOW = 8192;

    private Sentences() {}

    /** Tells the end of each sentence, in order; the last is {@code end}. A sentence longer than 8,192 units is cut. */
    static void ends(String text, int start, int end, IntConsumer sentenceEnd) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        int from = start;
        while (from < end) {
            int to = windowEnd(text, from, end);
            sentences.setText(text.substring(from, to));
            int last = from;
            for (int next = next(sentences); next != BreakIterator.DONE; next = next(sentences)) {
                // What ends with the window may go on behind it.
                if (from + next < to || to == end) {
                    last = from + next;
                    sentenceEnd.accept(last);
                }
            }
            if (last == from) {
                sentenceEnd.accept(to);
                last = to;
            }
            from = last;
        }
    }

    private static int next(BreakIterator sentences) {
        return sentences.next();
    }

    private static int windowEnd(String text, int from, int end) {
        int to = Math.min(end, from + WINDOW);
        return to < end && Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
    }
}
