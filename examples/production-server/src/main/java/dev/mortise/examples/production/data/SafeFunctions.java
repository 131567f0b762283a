package dev.mortise.examples.production.data;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * Functions in place of those of SQLite whose work grows faster than their arguments, or whose memory does. SQLite looks at
 * the clock only between jumps of a program: these look at it at each call, so that a long row of them ends in time, too.
 */
final class SafeFunctions {
    private static final int BLOB = 4;
    private static final int NULL = 5;
    // Those of SQLite may stand in views of a database that is not trusted (SQLITE_INNOCUOUS), so these may, too.
    private static final int FLAGS = Function.FLAG_DETERMINISTIC | 0x200000;
    private static final int LONGEST_NEEDLE = 1_000;

    private SafeFunctions() {}

    /** What one of them works out; null is NULL. */
    @FunctionalInterface
    private interface Body {
        @Nullable
        Object of(Arguments in) throws SQLException;
    }

    static void install(Connection connection, BooleanSupplier isOver) throws SQLException {
        put(connection, isOver, "instr", 2, SafeFunctions::position);
        put(connection, isOver, "replace", 3, SafeFunctions::replaced);
        put(connection, isOver, "trim", 2, in -> trimmed(in, true, true));
        put(connection, isOver, "ltrim", 2, in -> trimmed(in, true, false));
        put(connection, isOver, "rtrim", 2, in -> trimmed(in, false, true));
        Wildcards like = new Wildcards();
        put(connection, isOver, "like", 2, in -> like.matches(in.text(1), Wildcards.Kind.LIKE, -1, in.text(0)));
        put(connection, isOver, "like", 3, in -> like.matches(in.text(1), Wildcards.Kind.LIKE, escape(in), in.text(0)));
        Wildcards glob = new Wildcards();
        put(connection, isOver, "glob", 2, in -> glob.matches(in.text(1), Wildcards.Kind.GLOB, -1, in.text(0)));
        // Quadratic, or of a result that is as long as it likes before its length is looked at.
        for (String name : new String[] {"json_patch", "jsonb_patch", "json_pretty"}) {
            Function.create(connection, name, new Missing(name), 2, FLAGS);
        }
        // SQLite sorts their values by recursion, as deep as somebody hostile orders them.
        for (String name : new String[] {"percentile", "percentile_cont", "percentile_disc"}) {
            Function.create(connection, name, new Missing(name), 2, FLAGS);
        }
        Function.create(connection, "median", new Median(), 1, FLAGS);
    }

    private static void put(Connection connection, BooleanSupplier isOver, String name, int arguments, Body body)
            throws SQLException {
        Function.create(connection, name, new Checked(body, isOver), arguments, FLAGS);
    }

    /** What a function is called with. */
    private interface Arguments {
        int type(int index) throws SQLException;

        String text(int index) throws SQLException;

        byte[] bytes(int index) throws SQLException;
    }

    private static final class Checked extends Function implements Arguments {
        private final Body body;
        private final BooleanSupplier isOver;

        Checked(Body body, BooleanSupplier isOver) {
            this.body = body;
            this.isOver = isOver;
        }

        @Override
        protected void xFunc() throws SQLException {
            if (isOver.getAsBoolean()) {
                error("interrupted");
                return;
            }
            for (int i = 0; i < args(); i++) {
                if (value_type(i) == NULL) {
                    result();
                    return;
                }
            }
            try {
                switch (body.of(this)) {
                    case Boolean yes -> result(yes ? 1 : 0);
                    case Integer number -> result(number);
                    case null -> result();
                    case Object text -> result(text.toString());
                }
            } catch (TooLong e) {
                error(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public int type(int index) throws SQLException {
            return value_type(index);
        }

        @Override
        public String text(int index) throws SQLException {
            return Objects.requireNonNullElse(value_text(index), "");
        }

        @Override
        public byte[] bytes(int index) throws SQLException {
            byte[] bytes = value_blob(index);
            return bytes == null ? new byte[0] : bytes;
        }
    }

    /** Says that there is no such function, as SQLite does. */
    private static final class Missing extends Function {
        private final String name;

        Missing(String name) {
            this.name = name;
        }

        @Override
        protected void xFunc() throws SQLException {
            error("no such function here: " + name);
        }
    }

    /** Refuses a call, by what the message says. */
    static final class TooLong extends SQLException {
        private static final long serialVersionUID = 1L;

        TooLong(String message) {
            super(message);
        }
    }

    private static Integer position(Arguments in) throws SQLException {
        boolean bytes = in.type(0) == BLOB && in.type(1) == BLOB;
        String text = bytes ? new String(in.bytes(0), StandardCharsets.ISO_8859_1) : in.text(0);
        String needle = needle(bytes ? new String(in.bytes(1), StandardCharsets.ISO_8859_1) : in.text(1), text);
        int at = text.indexOf(needle);
        return at < 0 ? 0 : text.codePointCount(0, at) + 1;
    }

    private static String replaced(Arguments in) throws SQLException {
        String text = in.text(0);
        String needle = needle(in.text(1), text);
        String by = in.text(2);
        if (needle.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, from)) {
            out.append(text, from, at).append(by);
            from = at + needle.length();
            if (out.length() > Sandbox.LONGEST_VALUE) {
                throw new TooLong("string or blob too big");
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    private static String needle(String needle, String text) throws TooLong {
        if (needle.length() > LONGEST_NEEDLE && needle.length() <= text.length()) {
            throw new TooLong("too long a text to look for: at most " + LONGEST_NEEDLE + " characters");
        }
        return needle;
    }

    private static String trimmed(Arguments in, boolean left, boolean right) throws SQLException {
        int[] text = in.text(0).codePoints().toArray();
        int[] away = in.text(1).codePoints().sorted().toArray();
        int from = 0;
        int to = text.length;
        while (left && from < to && Arrays.binarySearch(away, text[from]) >= 0) {
            from++;
        }
        while (right && to > from && Arrays.binarySearch(away, text[to - 1]) >= 0) {
            to--;
        }
        return new String(text, from, to - from);
    }

    private static int escape(Arguments in) throws SQLException {
        String escape = in.text(2);
        if (escape.codePointCount(0, escape.length()) != 1) {
            throw new TooLong("ESCAPE expression must be a single character");
        }
        return escape.codePointAt(0);
    }
}
