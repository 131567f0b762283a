package dev.mortise.security.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How values stand in columns. */
final class Columns {
    private Columns() {}

    /** Whether every database can hold this text: a NUL is refused by PostgreSQL, and half a character by its driver. */
    static boolean isPlain(@Nullable String text) {
        if (text == null) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || (Character.isHighSurrogate(c) ? !isPair(text, i++) : Character.isLowSurrogate(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }

    /** @throws IllegalArgumentException if one of them cannot be held */
    static void requirePlain(@Nullable String... texts) {
        for (String text : texts) {
            if (!isPlain(text)) {
                throw new IllegalArgumentException("A text has a NUL or half a character in it");
            }
        }
    }

    static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    static Set<String> set(String joined, String separator) {
        return joined.isEmpty() ? Set.of() : Set.of(joined.split(separator));
    }

    /** To look behind everything that is before the first. */
    static String orStart(@Nullable String after) {
        return after == null ? "" : after;
    }
}
