package dev.mortise.rag.document;

import java.util.ArrayList;
import java.util.List;

/** Tables whose rows are lines. */
final class Delimited {
    private Delimited() {}

    /** @param headerLines how many of the first lines are the header */
    static Block.Table table(String text, int start, int end, int headerLines) {
        List<Integer> rows = new ArrayList<>();
        int headerEnd = start;
        int line = 0;
        for (int at = start; at < end; at = Lines.next(text, at)) {
            if (line++ < headerLines) {
                headerEnd = Math.min(end, Lines.end(text, at));
            } else {
                rows.add(at);
            }
        }
        return new Block.Table(start, end, headerEnd, rows);
    }
}
