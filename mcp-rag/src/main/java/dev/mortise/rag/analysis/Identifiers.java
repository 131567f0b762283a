package dev.mortise.rag.analysis;

import java.util.ArrayList;
import java.util.List;

/** The terms of a word, or of several that connectors make an identifier. */
final class Identifiers {
    /** A longer chain is an address or a path: its words count, the whole does not. */
    private static final int MOST_WORDS_OF_A_WHOLE = 6;

    private Identifiers() {}

    static void tokens(String text, int start, int end, List<Token> tokens) {
        List<int[]> words = words(text, start, end);
        if (words.size() > 1 && words.size() <= MOST_WORDS_OF_A_WHOLE) {
            StringBuilder whole = new StringBuilder(end - start);
            words.forEach(word -> whole.append(text, word[0], word[1]));
            TextAnalyzer.add(tokens, Letters.normal(whole.toString()), start, end, Token.Form.WHOLE);
        }
        words.forEach(word -> word(text, word[0], word[1], tokens));
    }

    private static List<int[]> words(String text, int start, int end) {
        List<int[]> words = new ArrayList<>(2);
        int from = -1;
        for (int at = start; at < end; at += Character.charCount(text.codePointAt(at))) {
            boolean inside = Letters.partOfWord(text.codePointAt(at));
            if (inside && from < 0) {
                from = at;
            } else if (!inside && from >= 0) {
                words.add(new int[] {from, at});
                from = -1;
            }
        }
        if (from >= 0) {
            words.add(new int[] {from, end});
        }
        return words;
    }

    /** The words, and of {@code camelCase} its parts. */
    static void forEachPart(String text, int start, int end, TextParts.Stretch part) {
        words(text, start, end).forEach(word -> parts(text, word[0], word[1], part));
    }

    private static void parts(String text, int start, int end, TextParts.Stretch part) {
        int from = start;
        for (int at = start + 1; at <= end; at++) {
            if (at == end || hump(text, at, end)) {
                part.take(from, at);
                from = at;
            }
        }
    }

    private static void word(String text, int start, int end, List<Token> tokens) {
        String whole = Letters.normal(text.substring(start, end));
        String stem = Stems.of(whole);
        TextAnalyzer.add(tokens, stem, start, end, Token.Form.STEM);
        if (!stem.equals(whole)) {
            TextAnalyzer.add(tokens, whole, start, end, Token.Form.WHOLE);
        }
        parts(text, start, end, (from, to) -> {
            boolean isPart = to - from > 1 && to - from < end - start;
            if (isPart) {
                TextAnalyzer.add(tokens, Stems.of(Letters.normal(text.substring(from, to))), from, to, Token.Form.STEM);
            }
        });
    }

    /** Whether a part of {@code camelCase}, or of {@code HTTPServer}, begins here. */
    private static boolean hump(String text, int at, int end) {
        char here = text.charAt(at);
        if (!Character.isUpperCase(here)) {
            return false;
        }
        char before = text.charAt(at - 1);
        boolean next = at + 1 < end && Character.isLowerCase(text.charAt(at + 1));
        return Character.isLowerCase(before) || (next && Character.isLetter(before) && pluralEnd(text, at, end) == 0);
    }

    /** Of {@code APIs} or {@code URLs}, the {@code s} begins no part. */
    private static int pluralEnd(String text, int at, int end) {
        return at + 2 == end && text.charAt(at + 1) == 's' ? 1 : 0;
    }
}
