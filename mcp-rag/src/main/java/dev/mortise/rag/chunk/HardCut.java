package dev.mortise.rag.chunk;

/** Cuts what has no better place to be cut: at white space or punctuation if there is any, never inside a character. */
final class HardCut {
    /** No vocabulary has so many characters to a token over a whole passage; bounds what is looked at. */
    private static final int CHARACTERS_PER_TOKEN = 8;

    /** How far back a character that a reader sees as one may begin. */
    private static final int LONGEST_CLUSTER = 32;

    private HardCut() {}

    /** Where a piece that begins at {@code start} ends: beyond {@code start}, with no more tokens than these. */
    static int next(String text, int start, int end, int maxTokens, TokenCounter counter) {
        int fits = prefix(text, start, end, maxTokens, counter);
        if (fits == end) {
            return end;
        }
        int cut = atBreak(text, start + (fits - start) * 3 / 4, fits);
        if (cut < 0) {
            cut = betweenClusters(text, start, fits);
        }
        // Even where one character is more than the budget, the next piece has to begin further on.
        return cut > start ? cut : start + Character.charCount(text.codePointAt(start));
    }

    /** The end of a beginning of the text that has no more tokens than these; no pair is cut in two. */
    static int prefix(String text, int start, int end, int maxTokens, TokenCounter counter) {
        int guess = (int) Math.min(end, start + (long) maxTokens * CHARACTERS_PER_TOKEN);
        guess = wholePair(text, start, end, guess);
        while (guess > start) {
            int tokens = counter.count(text.substring(start, guess));
            if (tokens <= maxTokens) {
                return guess;
            }
            long closer = (long) (guess - start) * maxTokens / tokens;
            guess = wholePair(text, start, end, start + (int) Math.min(closer, guess - start - 1));
        }
        return start;
    }

    private static int wholePair(String text, int start, int end, int at) {
        boolean inside = at > start
                && at < end
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
        return inside ? at - 1 : at;
    }

    /** Behind the last white space or punctuation in the range; -1 if there is none. */
    private static int atBreak(String text, int from, int to) {
        for (int at = to; at > from; at--) {
            char before = text.charAt(at - 1);
            if (Character.isWhitespace(before) || isPause(before)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isPause(char unit) {
        return switch (unit) {
            case ',', ';', '、', '，', '；', '：', '。', '！', '？' -> true;
            default -> false;
        };
    }

    /** Before marks that belong to the character before them, as far as they are of a sane number. */
    private static int betweenClusters(String text, int start, int at) {
        int lowest = Math.max(start + 1, at - LONGEST_CLUSTER);
        for (int cut = at; cut > lowest && cut < text.length(); cut--) {
            if (!Character.isLowSurrogate(text.charAt(cut)) && !continues(text, cut)) {
                return cut;
            }
        }
        return at;
    }

    private static boolean continues(String text, int at) {
        return switch (Character.getType(text.codePointAt(at))) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_SYMBOL -> true;
            default -> text.codePointBefore(at) == 0x200D; // ZERO WIDTH JOINER
        };
    }
}
