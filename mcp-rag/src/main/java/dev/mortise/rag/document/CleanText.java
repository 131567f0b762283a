package dev.mortise.rag.document;

/** Text that every database and every peer can hold: without U+0000 and half surrogate pairs, {@code \n} between lines. */
final class CleanText {
    private static final char REPLACEMENT = '\uFFFD';

    private CleanText() {}

    /** The text, cleaned; the same object where it was clean. */
    static String of(String text) {
        int first = firstUnclean(text);
        if (first < 0) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        clean.append(text, 0, first);
        for (int at = first; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == '\r') {
                clean.append('\n');
                at += at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 1 : 0;
            } else if (unit == 0) {
                clean.append(REPLACEMENT);
            } else if (!Character.isSurrogate(unit)) {
                clean.append(unit);
            } else if (isPair(text, at)) {
                clean.append(unit).append(text.charAt(++at));
            } else {
                clean.append(REPLACEMENT);
            }
        }
        return clean.toString();
    }

    static boolean isClean(String text) {
        int first = firstUnclean(text);
        // Lines may end as they like where nobody counts offsets.
        return first < 0 || (text.charAt(first) == '\r' && isClean(text.replace('\r', '\n')));
    }

    private static int firstUnclean(String text) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == 0 || unit == '\r') {
                return at;
            }
            if (Character.isSurrogate(unit)) {
                if (!isPair(text, at)) {
                    return at;
                }
                at++;
            }
        }
        return -1;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    /** One line: clean, white space and control characters of any length become one space. */
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        boolean gap = false;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            if (Character.isWhitespace(codePoint)
                    || Character.isSpaceChar(codePoint)
                    || Character.isISOControl(codePoint)) {
                gap = !line.isEmpty();
                continue;
            }
            if (gap) {
                line.append(' ');
                gap = false;
            }
            line.appendCodePoint(Character.getType(codePoint) == Character.SURROGATE ? REPLACEMENT : codePoint);
        }
        return line.toString();
    }

    /** Its beginning, of at most so many UTF-16 units; a pair is not cut in two. */
    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }
}
