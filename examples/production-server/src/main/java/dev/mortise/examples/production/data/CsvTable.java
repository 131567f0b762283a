package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Comma-separated values with a header (RFC 4180), or separated by semicolons or tabs. Immutable.
 *
 * @param columns their names, each once whatever the case
 * @param rows as long as the columns
 */
record CsvTable(List<String> columns, List<List<String>> rows) {
    static final int MOST_ROWS = 50_000;
    static final int MOST_COLUMNS = 200;
    private static final int MOST_CELLS = 1_000_000;

    /** Is told of each row: how many characters were read, and how many rows. */
    @FunctionalInterface
    interface Reading {
        void read(long characters, int rows);
    }

    static CsvTable parse(String text) throws CannotAnswer {
        return parse(text, (characters, rows) -> {});
    }

    static CsvTable parse(String text, Reading reading) throws CannotAnswer {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter(content))
                .setIgnoreEmptyLines(true)
                .get();
        try (CSVParser parser = CSVParser.parse(new StringReader(content), format)) {
            List<String> columns = List.of();
            List<List<String>> rows = new ArrayList<>();
            for (CSVRecord record : parser) {
                if (columns.isEmpty()) {
                    columns = names(record.toList());
                } else {
                    rows.add(row(record, columns.size()));
                    bound(rows.size(), columns.size());
                    reading.read(record.getCharacterPosition(), rows.size());
                }
            }
            if (columns.isEmpty()) {
                throw new CannotAnswer(ToolText.NO_HEADER);
            }
            return new CsvTable(columns, Collections.unmodifiableList(rows));
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new CannotAnswer(ToolText.BAD_QUOTES);
        } catch (IOException e) {
            throw new CannotAnswer(ToolText.NO_CSV);
        }
    }

    private static void bound(int rows, int columns) throws CannotAnswer {
        if (rows > MOST_ROWS || (long) rows * columns > MOST_CELLS) {
            throw new CannotAnswer(ToolText.TABLE_TOO_LARGE, MOST_ROWS, MOST_CELLS);
        }
    }

    /** Whichever comes most often in the first line. */
    private static char delimiter(String text) {
        String first = text.lines().findFirst().orElse("");
        char best = ',';
        for (char candidate : new char[] {';', '\t'}) {
            if (count(first, candidate) > count(first, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String text, char of) {
        return text.chars().filter(c -> c == of).count();
    }

    private static List<String> names(List<String> header) throws CannotAnswer {
        if (header.size() > MOST_COLUMNS) {
            throw new CannotAnswer(ToolText.TOO_MANY_COLUMNS, MOST_COLUMNS, header.size());
        }
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip();
            String base = name.isEmpty() ? "column_" + (i + 1) : name.substring(0, Math.min(100, name.length()));
            String unique = base;
            for (int n = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); n++) {
                unique = base + "_" + n;
            }
            names.add(unique);
        }
        return List.copyOf(names);
    }

    private static List<String> row(CSVRecord record, int width) throws CannotAnswer {
        if (record.size() > width) {
            throw new CannotAnswer(ToolText.ROW_TOO_LONG, record.getRecordNumber(), record.size(), width);
        }
        List<String> row = new ArrayList<>(record.toList());
        while (row.size() < width) {
            row.add("");
        }
        return row;
    }

    List<String> column(int index) {
        return rows.stream().map(row -> row.get(index)).toList();
    }
}
