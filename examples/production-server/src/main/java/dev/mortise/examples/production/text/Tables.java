package dev.mortise.examples.production.text;

import java.util.ArrayList;
import java.util.List;
import org.jsoup.nodes.Element;

/** Finds the tables of a page. Those inside another table are part of that one's cells. */
final class Tables {
    private static final int MOST = 100;
    private static final int WIDEST = 200;
    private static final int LONGEST = 10_000;

    private Tables() {}

    static List<Table> in(String text, Format format) {
        String html = format == Format.MARKDOWN ? Markup.convert(text, Format.MARKDOWN, Format.HTML) : text;
        return of(Markup.html(html));
    }

    static List<Table> of(Element root) {
        List<Table> tables = new ArrayList<>();
        for (Element table : root.select("table")) {
            boolean nested = table.parents().stream()
                    .anyMatch(parent -> parent.normalName().equals("table"));
            if (!nested && tables.size() < MOST) {
                table(table, tables);
            }
        }
        return tables;
    }

    private static void table(Element table, List<Table> tables) {
        List<List<String>> rows = new ArrayList<>();
        for (Element row : table.select("tr")) {
            if (table.equals(row.closest("table")) && rows.size() <= LONGEST) {
                rows.add(cells(row));
            }
        }
        rows.removeIf(List::isEmpty);
        if (rows.isEmpty()) {
            return;
        }
        int width = rows.stream().mapToInt(List::size).max().orElse(0);
        List<List<String>> even = rows.stream().map(row -> padded(row, width)).toList();
        tables.add(new Table(even.getFirst(), even.subList(1, even.size())));
    }

    private static List<String> cells(Element row) {
        List<String> cells = new ArrayList<>();
        for (Element cell : row.children()) {
            if (cell.normalName().equals("td") || cell.normalName().equals("th")) {
                String text = cell.text();
                int span = cell.attr("colspan").matches("\\d{1,3}") ? Integer.parseInt(cell.attr("colspan")) : 1;
                for (int i = 0; i < Math.max(1, span) && cells.size() < WIDEST; i++) {
                    cells.add(i == 0 ? text : "");
                }
            }
        }
        return cells;
    }

    private static List<String> padded(List<String> row, int width) {
        List<String> padded = new ArrayList<>(row);
        while (padded.size() < width) {
            padded.add("");
        }
        return padded;
    }
}
