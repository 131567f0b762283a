package dev.mortise.rag.analysis;

/**
 * Cuts a text into runs: characters of a writing without spaces, or words and what holds the parts of an identifier
 * together. What is between them is nothing to look for.
 */
final class TextRuns {
    private static final String CONNECTORS = "_-./:@#$";

    private final String text;

    TextRuns(String text) {
        this.text = text;
    }

    /** Takes a run. */
    interface Sink {
        void run(int start, int end, boolean spaceless);
    }

    void forEach(Sink sink) {
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (Letters.spaceless(codePoint) && Letters.partOfWord(codePoint)) {
                int end = endOfSpaceless(at);
                sink.run(at, end, true);
                at = end;
            } else if (Letters.partOfWord(codePoint)) {
                int end = endOfCompound(at);
                sink.run(at, end, false);
                at = end;
            } else {
                at += Character.charCount(codePoint);
            }
        }
    }

    private int endOfSpaceless(int start) {
        int at = start;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (!Letters.spaceless(codePoint) || !Letters.partOfWord(codePoint)) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    /** Words, and single connectors (or a {@code ::}, {@code ->}) that have a word on either side. */
    private int endOfCompound(int start) {
        int at = endOfWord(start);
        while (at < text.length() && CONNECTORS.indexOf(text.charAt(at)) >= 0) {
            int next = at + 1;
            if (next < text.length() && text.charAt(next) == text.charAt(at)) {
                next++;
            }
            int end = next < text.length() ? endOfWord(next) : next;
            if (end == next) {
                break;
            }
            at = end;
        }
        return at;
    }

    private int endOfWord(int start) {
        int at = start;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (Letters.spaceless(codePoint) || !Letters.partOfWord(codePoint)) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }
}
