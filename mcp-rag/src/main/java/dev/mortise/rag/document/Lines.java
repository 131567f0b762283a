package dev.mortise.rag.document;

/** Finds lines in a text. */
final class Lines {
    private Lines() {}

    /** Where the line that has this offset begins. */
    static int start(String text, int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Where the line that has this offset ends, its line break not included. */
    static int end(String text, int offset) {
        int lineBreak = text.indexOf('\n', offset);
        return lineBreak < 0 ? text.length() : lineBreak;
    }

    /** Where the next line begins, or the text ends. */
    static int next(String text, int offset) {
        return Math.min(text.length(), end(text, offset) + 1);
    }

    static boolean isBlank(String text, int start, int end) {
        for (int at = start; at < end; at++) {
            if (!Character.isWhitespace(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }
}
