package dev.mortise.rag.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the text of a page from its elements as a reader sees it: white space collapses, blocks are apart, the cells of a
 * row are on one line. Elements may come nested and closed in any order. Not thread-safe.
 */
final class RenderedText {
    private static final Set<String> UNSEEN = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "svg",
            "iframe",
            "object",
            "canvas",
            "nav",
            "button",
            "select",
            "textarea",
            "input",
            "audio",
            "video",
            "map");

    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "section",
            "article",
            "main",
            "header",
            "footer",
            "aside",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "blockquote",
            "figure",
            "figcaption",
            "address",
            "form",
            "fieldset",
            "hr",
            "body",
            "html",
            "caption",
            "details",
            "summary",
            "center");

    private static final Map<String, Integer> HEADINGS = Map.of("h1", 1, "h2", 2, "h3", 3, "h4", 4, "h5", 5, "h6", 6);

    private static final String BETWEEN_CELLS = " | ";

    private final StringBuilder text = new StringBuilder();
    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder title = new StringBuilder();
    private final int maxCharacters;

    /** Where the block that is being written begins; -1 before its first character. */
    private int start = -1;

    private boolean space;
    private int unseen;
    private boolean inTitle;
    private int headingLevel;
    private int preformatted;
    private int lists;
    private boolean inItem;
    private int tables;
    private @Nullable Rows rows;

    /** The outermost table that is being written. */
    private static final class Rows {
        final List<Integer> starts = new ArrayList<>();
        int start = -1;
        int headerEnd;
        int rowStart = -1;
        int cells;
        int mostCells;
        boolean headerRow = true;
    }

    /** @param maxCharacters after which the rest is left out; {@link #isFull} tells */
    RenderedText(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    boolean isFull() {
        return text.length() > maxCharacters;
    }

    /** @param hidden whether readers do not see it and what is in it */
    void open(String tag, boolean hidden) {
        if (unseen > 0 || hidden || UNSEEN.contains(tag)) {
            unseen++;
            return;
        }
        switch (tag) {
            case "title" -> inTitle = title.isEmpty();
            case "br" -> lineBreak();
            case "table" -> openTable();
            case "tr" -> openRow();
            case "td", "th" -> openCell(tag);
            case "li" -> {
                endBlock();
                inItem = true;
            }
            case "pre" -> {
                endBlock();
                preformatted++;
            }
            default -> {
                if (HEADINGS.containsKey(tag)) {
                    endBlock();
                    headingLevel = HEADINGS.get(tag);
                } else if (BLOCKS.contains(tag)) {
                    endBlock();
                    lists += tag.equals("ul") || tag.equals("ol") ? 1 : 0;
                }
            }
        }
    }

    void close(String tag) {
        if (unseen > 0) {
            unseen--;
            return;
        }
        switch (tag) {
            case "title" -> inTitle = false;
            case "table" -> closeTable();
            case "tr" -> closeRow();
            case "li" -> {
                endBlock();
                inItem = false;
            }
            case "pre" -> {
                endBlock();
                preformatted = Math.max(0, preformatted - 1);
            }
            default -> {
                if (HEADINGS.containsKey(tag)) {
                    endBlock();
                    headingLevel = 0;
                } else if (BLOCKS.contains(tag)) {
                    endBlock();
                    lists -= tag.equals("ul") || tag.equals("ol") ? 1 : 0;
                }
            }
        }
    }

    void text(CharSequence characters) {
        if (unseen > 0 || isFull()) {
            return;
        }
        if (inTitle) {
            title.append(characters, 0, Math.min(characters.length(), DocumentReader.MAX_TITLE));
            return;
        }
        for (int at = 0; at < characters.length() && !isFull(); at++) {
            char unit = characters.charAt(at);
            if (preformatted > 0 && tables == 0) {
                write(unit);
            } else if (Character.isWhitespace(unit) || unit == '\u00A0') {
                space = true;
            } else {
                if (space && start >= 0 && !endsWithSpace()) {
                    text.append(' ');
                }
                write(unit);
            }
        }
    }

    private void write(char unit) {
        if (start < 0) {
            start = text.length();
        }
        space = false;
        text.append(unit);
    }

    private boolean endsWithSpace() {
        return !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
    }

    private void lineBreak() {
        if (tables > 0 || headingLevel > 0) {
            space = true;
        } else if (start >= 0) {
            text.append('\n');
            space = false;
        }
    }

    /** What was written since the last block becomes one, of the kind of the elements around it. */
    private void endBlock() {
        space = true;
        if (tables > 0 || start < 0) {
            return;
        }
        trimEnd(start);
        int end = text.length();
        if (end > start) {
            blocks.add(block(start, end));
            text.append(inItem && lists > 0 ? "\n" : "\n\n");
        }
        start = -1;
        space = false;
    }

    private Block block(int from, int to) {
        if (headingLevel > 0) {
            String heading = CleanText.cut(CleanText.line(text.substring(from, to)), DocumentReader.MAX_TITLE);
            return new Block.Heading(from, to, headingLevel, heading);
        }
        if (preformatted > 0) {
            return new Block.Code(from, to);
        }
        return inItem && lists > 0 ? new Block.Item(from, to, lists) : new Block.Prose(from, to);
    }

    private void trimEnd(int from) {
        int end = text.length();
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        text.setLength(end);
    }

    private void openTable() {
        if (tables++ == 0) {
            tables = 0;
            endBlock();
            tables = 1;
            rows = new Rows();
        }
        space = true;
    }

    private void openRow() {
        if (tables == 1) {
            closeRow();
        }
        space = true;
    }

    private void openCell(String tag) {
        if (tables == 1 && rows != null) {
            if (rows.rowStart < 0) {
                rows.rowStart = text.length();
                rows.start = rows.start < 0 ? text.length() : rows.start;
                start = text.length();
                rows.cells = 0;
            } else {
                trimEnd(rows.rowStart);
                text.append(BETWEEN_CELLS);
            }
            rows.cells++;
            rows.headerRow &= tag.equals("th");
            space = false;
        } else {
            space = true;
        }
    }

    private void closeRow() {
        if (tables != 1 || rows == null || rows.rowStart < 0) {
            return;
        }
        trimEnd(rows.rowStart);
        if (rows.headerRow && rows.starts.isEmpty()) {
            rows.headerEnd = text.length();
        } else {
            rows.starts.add(rows.rowStart);
        }
        text.append('\n');
        rows.mostCells = Math.max(rows.mostCells, rows.cells);
        rows.rowStart = -1;
        rows.headerRow = true;
        space = false;
    }

    private void closeTable() {
        if (tables == 1 && rows != null) {
            closeRow();
            if (rows.start >= 0) {
                trimEnd(rows.start);
                table(rows, text.length());
                text.append("\n\n");
            }
            rows = null;
            start = -1;
            space = false;
        }
        tables = Math.max(0, tables - 1);
    }

    private void table(Rows table, int end) {
        if (end <= table.start) {
            return;
        }
        // One cell to a row is how pages were laid out once.
        if (table.mostCells < 2) {
            blocks.add(new Block.Prose(table.start, end));
        } else {
            int headerEnd = Math.max(table.start, Math.min(table.headerEnd, end));
            List<Integer> starts =
                    table.starts.stream().filter(row -> row < end).toList();
            blocks.add(new Block.Table(table.start, end, headerEnd, starts));
        }
    }

    /** The title and the text, when all elements have come. */
    ParsedText finished() {
        while (tables > 0) {
            closeTable();
        }
        endBlock();
        String all = text.toString();
        // The same length, and so the same offsets: only characters that nobody can store are others now.
        String clean = CleanText.of(all.replace('\r', ' '));
        BlockList list = new BlockList(clean);
        blocks.forEach(list::add);
        return new ParsedText(title.isEmpty() ? firstHeading() : title.toString(), clean, list.finished());
    }

    private @Nullable String firstHeading() {
        return blocks.stream()
                .filter(block -> block instanceof Block.Heading heading && heading.level() == 1)
                .map(block -> ((Block.Heading) block).title())
                .findFirst()
                .orElse(null);
    }
}
