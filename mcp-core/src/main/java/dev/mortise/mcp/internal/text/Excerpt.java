package dev.mortise.mcp.internal.text;

/**
 * Text that a peer has chosen, made fit to be repeated to it or to be written to a log: bounded, on one line, and still
 * text where it was cut.
 */
public final class Excerpt {
    private Excerpt() {}

    /** @param atMost how many characters of the text are kept; an ellipsis shows that there were more */
    public static String of(String text, int atMost) {
        int end = Math.min(text.length(), atMost);
        if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        if (end == text.length() && fitsOneLine(text)) {
            return text;
        }
        StringBuilder excerpt = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            excerpt.append(breaksLines(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return end < text.length() ? excerpt.append('…').toString() : excerpt.toString();
    }

    private static boolean fitsOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (breaksLines(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean breaksLines(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }
}
