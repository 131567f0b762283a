package dev.mortise.examples.production.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** Finds the tables of a page. Those inside another table are part of that one's cells. */
final class Tables {
    private static final int MOST = 100;
    private static final int WIDEST = 200;
    private static final int LONGEST = 10_000;

    private Tables() {}

    /** @param cut whether there was more than what is given */
    record Found(List<Table> tables, boolean cut) {}

    static Found in(String text, Format format) {
        String html = format == Format.MARKDOWN ? Markup.convert(text, Format.MARKDOWN, Format.HTML) : text;
        return of(Markup.html(html));
    }

    static Found of(Element root) {
        List<Table> tables = new ArrayList<>();
        boolean cut = false;
        for (Element table : root.select("table")) {
            boolean nested = table.parents().stream()
                    .anyMatch(parent -> parent.normalName().equals("table"));
            if (!nested && tables.size() == MOST) {
                return new Found(tables, true);
            }
            cut |= !nested && table(table, tables);
        }
        return new Found(tables, cut);
    }

    /** Adds it, if there is something in it; and says whether it was cut. */
    private static boolean table(Element table, List<Table> tables) {
        List<List<String>> rows = new ArrayList<>();
        Grid grid = new Grid();
        boolean cut = false;
        for (Element row : table.select("tr")) {
            if (table.equals(row.closest("table"))) {
                if (rows.size() > LONGEST) {
                    cut = true;
                    break;
                }
                List<String> cells = grid.row(row);
                if (!cells.isEmpty()) {
                    rows.add(cells);
                }
            }
        }
        if (!rows.isEmpty()) {
            int width = rows.stream().mapToInt(List::size).max().orElse(0);
            List<List<String>> even =
                    rows.stream().map(row -> padded(row, width)).toList();
            tables.add(new Table(even.getFirst(), even.subList(1, even.size())));
        }
        return cut || grid.cut;
    }

    /** Knows which columns cells of earlier rows reach down into. What a cell says stands in the first of its fields. */
    private static final class Grid {
        private final int[] rowsLeft = new int[WIDEST];
        private @Nullable Element section;
        private boolean cut;

        List<String> row(Element row) {
            if (!Objects.equals(row.parent(), section)) {
                // No cell reaches out of its head, body or foot.
                Arrays.fill(rowsLeft, 0);
                section = row.parent();
            }
            List<String> cells = new ArrayList<>();
            for (Element cell : row.children()) {
                if (cell.normalName().equals("td") || cell.normalName().equals("th")) {
                    reachedInto(cells);
                    put(cell, cells);
                }
            }
            reachedInto(cells);
            // Those behind a gap.
            for (int i = cells.size(); i < WIDEST; i++) {
                rowsLeft[i] = Math.max(0, rowsLeft[i] - 1);
            }
            return cells;
        }

        private void reachedInto(List<String> cells) {
            while (cells.size() < WIDEST && rowsLeft[cells.size()] > 0) {
                rowsLeft[cells.size()]--;
                cells.add("");
            }
        }

        private void put(Element cell, List<String> cells) {
            int columns = Math.max(1, span(cell, "colspan"));
            int rows = span(cell, "rowspan");
            // As the HTML standard says, 0 is the rest of the section.
            int below = rows == 0 ? LONGEST : rows - 1;
            for (int i = 0; i < columns; i++) {
                if (cells.size() == WIDEST) {
                    cut = true;
                    return;
                }
                rowsLeft[cells.size()] = below;
                cells.add(i == 0 ? cell.text() : "");
            }
        }

        private static int span(Element cell, String name) {
            return cell.attr(name).matches("\\d{1,5}") ? Integer.parseInt(cell.attr(name)) : 1;
        }
    }

    private static List<String> padded(List<String> row, int width) {
        List<String> padded = new ArrayList<>(row);
        while (padded.size() < width) {
            padded.add("");
        }
        return padded;
    }
}
