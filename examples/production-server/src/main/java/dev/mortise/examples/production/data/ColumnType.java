package dev.mortise.examples.production.data;

import java.util.List;
import java.util.regex.Pattern;

/** What all values of a column are, as far as they are there. */
enum ColumnType {
    INTEGER("INTEGER", "[+-]?(0|[1-9]\\d{0,17})"),
    NUMBER("REAL", "[+-]?(0|[1-9]\\d{0,17})?(\\.\\d{1,30})?([eE][+-]?\\d{1,3})?"),
    /** ISO 8601, which sorts as text does. */
    DATE("TEXT", "\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})?)?"),
    TEXT("TEXT", "(?s).*");

    private final String sql;
    private final Pattern pattern;

    ColumnType(String sql, String pattern) {
        this.sql = sql;
        this.pattern = Pattern.compile(pattern);
    }

    static ColumnType of(List<String> values) {
        List<String> present = values.stream().filter(value -> !value.isBlank()).toList();
        for (ColumnType type : values()) {
            if (!present.isEmpty() && present.stream().allMatch(value -> type.matches(value.strip()))) {
                return type;
            }
        }
        return TEXT;
    }

    private boolean matches(String value) {
        // A code with a zero in front, such as 01067, is no number.
        return pattern.matcher(value).matches()
                && (this == TEXT || value.chars().anyMatch(Character::isDigit));
    }

    boolean isNumeric() {
        return this == INTEGER || this == NUMBER;
    }

    /** The type of a column in SQLite. */
    String sql() {
        return sql;
    }
}
