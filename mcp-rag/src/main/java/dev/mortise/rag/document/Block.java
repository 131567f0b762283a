package dev.mortise.rag.document;

import java.util.List;

/**
 * A part of a text that belongs together. The blocks of a text follow each other, do not overlap, and between them is
 * white space only. Offsets count UTF-16 units, the end is exclusive.
 */
public sealed interface Block {
    int start();

    int end();

    /**
     * What follows stands under it, until the next of the same or a lower level.
     *
     * @param end equals {@code start} where the title does not stand in the text by itself, as that of a member in JSON
     * @param level from 1, the outermost
     * @param title without markup
     */
    record Heading(int start, int end, int level, String title) implements Block {}

    /** Sentences. */
    record Prose(int start, int end) implements Block {}

    /**
     * An item of a list, with its marker.
     *
     * @param depth from 1, the outermost
     */
    record Item(int start, int end, int depth) implements Block {}

    /** Lines that mean something as they stand: a code fence, preformatted text, a piece of a program. */
    record Code(int start, int end) implements Block {}

    /**
     * A table, a row a line.
     *
     * @param headerEnd where its header ends, which is repeated when the table is split; equals {@code start} if it has
     *     none
     * @param rows where each row behind the header begins
     */
    record Table(int start, int end, int headerEnd, List<Integer> rows) implements Block {
        public Table {
            rows = List.copyOf(rows);
        }
    }
}
