package dev.mortise.rag.chunk;

import java.util.List;

/**
 * A part of a document that is found, shown and cited as one. Immutable.
 *
 * @param ordinal which of its document's passages it is, from 0
 * @param start where it begins in the document's text, in UTF-16 units
 * @param end where it ends, exclusive
 * @param headings that all of it stands under, the outermost first
 * @param context what it is about, for a model that sees it alone: the title and the headings, cut where they are long;
 *     ends with a line break, or is empty
 * @param lead what is to be read before it and stands elsewhere: the header of a table that was split, with its line
 *     break; mostly empty
 * @param body the document's text from {@code start} to {@code end}
 * @param tokens what {@link #embeddedText()} counts for at most
 */
public record Passage(
        int ordinal, int start, int end, List<String> headings, String context, String lead, String body, int tokens) {
    public Passage {
        headings = List.copyOf(headings);
    }

    /** What is embedded. */
    public String embeddedText() {
        return context + lead + body;
    }
}
