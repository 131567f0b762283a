package dev.mortise.rag.search;

import java.util.List;

/**
 * A part of a passage, with the words that were looked for.
 *
 * @param text the part, as it stands in the text of the chunk
 * @param start where it begins in the text of the chunk, in UTF-16 code units
 * @param highlights the places of the words in {@link #text}, in order, not overlapping
 */
public record Snippet(String text, int start, List<Span> highlights) {
    public Snippet {
        highlights = List.copyOf(highlights);
    }

    /** From {@code start}, inclusive, to {@code end}, exclusive, in UTF-16 code units. */
    public record Span(int start, int end) {}

    /** The text with these marks around each highlight, for example {@code "**"} and {@code "**"}. */
    public String marked(String before, String after) {
        StringBuilder out = new StringBuilder(text.length() + highlights.size() * (before.length() + after.length()));
        int from = 0;
        for (Span span : highlights) {
            out.append(text, from, span.start()).append(before);
            out.append(text, span.start(), span.end()).append(after);
            from = span.end();
        }
        return out.append(text, from, text.length()).toString();
    }
}
