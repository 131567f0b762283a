package dev.mortise.examples.production.text;

import dev.mortise.mcp.json.Description;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A table: a row of headers, and rows that are as long. Immutable. */
record Table(
        List<String> headers,
        @Description("Each as long as the headers") List<List<String>> rows) {
    Table {
        headers = List.copyOf(headers);
        rows = List.copyOf(rows);
    }

    String markdown() {
        StringBuilder out = new StringBuilder(line(headers));
        out.append('\n').append(line(Collections.nCopies(headers.size(), "---")));
        rows.forEach(row -> out.append('\n').append(line(row)));
        return out.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|").replaceAll("\\s+", " "))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
