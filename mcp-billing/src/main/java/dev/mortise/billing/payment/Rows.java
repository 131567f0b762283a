package dev.mortise.billing.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How values stand in columns. */
final class Rows {
    private Rows() {}

    static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    /**
     * Checks what becomes part of a key or a message: not empty, at most 200 characters, none that no database holds.
     *
     * @throws IllegalArgumentException if it is otherwise
     */
    static String plain(String what, String text) {
        if (text.isEmpty() || text.length() > 200) {
            throw new IllegalArgumentException(what + " has 1 to 200 characters, not " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isISOControl(c) || (Character.isSurrogate(c) && !pair)) {
                throw new IllegalArgumentException(what + " has a control character or half a character in it");
            }
            if (pair) {
                i++;
            }
        }
        return text;
    }
}
