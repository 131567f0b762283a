package dev.mortise.rag.chunk;

import dev.mortise.rag.document.Block;
import dev.mortise.rag.internal.Interrupts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Takes blocks apart into units. Units follow each other without a gap; none has more tokens than it may.
 *
 * @param text of the document
 */
record Units(String text, TokenCounter counter) {
    private static final String NO_LEAD = "";

    /** Sentences. */
    List<Unit> ofProse(int start, int end, int maxTokens) {
        List<Unit> units = new ArrayList<>();
        Cutter cutter = new Cutter(units, start, maxTokens, true, NO_LEAD);
        Sentences.ends(text, start, end, cutter);
        return units;
    }

    /** One unit, if it is not too large. */
    List<Unit> ofHeading(Block.Heading heading, int maxTokens) {
        List<Unit> units = new ArrayList<>();
        new Cutter(units, heading.start(), maxTokens, false, NO_LEAD).accept(heading.end());
        return units;
    }

    /** Lines, in groups that an empty line ends. */
    List<List<Unit>> ofCode(Block.Code code, int maxTokens) {
        List<List<Unit>> groups = new ArrayList<>();
        List<Unit> group = new ArrayList<>();
        Cutter cutter = new Cutter(group, code.start(), maxTokens, true, NO_LEAD);
        for (int at = code.start(); at < code.end(); ) {
            int lineEnd = lineEnd(at, code.end());
            boolean empty = text.substring(at, lineEnd).isBlank();
            cutter.accept(lineEnd);
            at = lineEnd;
            if (empty) {
                groups.add(List.copyOf(group));
                group.clear();
            }
        }
        groups.add(List.copyOf(group));
        groups.removeIf(List::isEmpty);
        return groups;
    }

    /** The header, and rows each of which can begin a passage with the header before it. */
    List<Unit> ofTable(Block.Table table, int maxTokens, int maxLeadTokens) {
        List<Unit> units = new ArrayList<>();
        String header = slim(text.substring(table.start(), table.headerEnd()).stripTrailing());
        String lead = header.isEmpty() || counter.count(header + "\n") > maxLeadTokens ? NO_LEAD : header + "\n";
        int rowTokens = maxTokens - (lead.isEmpty() ? 0 : counter.count(lead));
        int first = table.rows().isEmpty() ? table.end() : table.rows().getFirst();
        if (first > table.start()) {
            new Cutter(units, table.start(), maxTokens, false, NO_LEAD).accept(first);
        }
        for (int row = 0; row < table.rows().size(); row++) {
            int from = table.rows().get(row);
            int to = row + 1 < table.rows().size() ? table.rows().get(row + 1) : table.end();
            new Cutter(units, from, rowTokens, false, lead).accept(to);
        }
        return units;
    }

    /** Without the padding that makes columns of equal width. */
    private static String slim(String header) {
        return header.replaceAll(" {2,}", " ").replaceAll("-{4,}", "---");
    }

    boolean endsWithColon(int end) {
        int last = end - 1;
        while (last > 0 && Character.isWhitespace(text.charAt(last))) {
            last--;
        }
        return last >= 0 && (text.charAt(last) == ':' || text.charAt(last) == '：');
    }

    private int lineEnd(int from, int end) {
        int lineBreak = text.indexOf('\n', from);
        return lineBreak < 0 || lineBreak >= end ? end : lineBreak + 1;
    }

    /** Is told where the next unit ends, and cuts it further where it is too long. */
    private final class Cutter implements IntConsumer {
        private final List<Unit> units;
        private final int maxTokens;
        private final boolean repeatable;
        private final String lead;
        private int start;

        Cutter(List<Unit> units, int start, int maxTokens, boolean repeatable, String lead) {
            this.units = units;
            this.start = start;
            this.maxTokens = maxTokens;
            this.repeatable = repeatable;
            this.lead = lead;
        }

        @Override
        public void accept(int end) {
            Interrupts.check();
            while (start < end) {
                int cut = HardCut.next(text, start, end, maxTokens, counter);
                units.add(new Unit(start, cut, counter.count(text.substring(start, cut)), repeatable, lead));
                start = cut;
            }
        }
    }
}
