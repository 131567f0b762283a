package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** A question in SQL, and what came of it. */
record Query(
        List<String> columns,

        @Description("Numbers, texts (bytes in hexadecimal digits), and null where there is none")
        List<List<JsonNode>> rows,

        @Description("Whether there were more rows than were asked for, or than fit")
        boolean more) {
    private static final long TIME = TimeUnit.SECONDS.toNanos(3);
    private static final long MEMORY = 256L << 20;
    private static final int LONGEST_CELL = 2_000;
    private static final int LONGEST = 200_000;

    /** Puts something into a sandbox. */
    @FunctionalInterface
    interface Source {
        void load(Sandbox sandbox) throws SQLException, CannotAnswer;
    }

    /** Runs it in a sandbox of its own. The thread's interrupt ends it, too. */
    static Query run(String sql, int limit, Source source) throws CannotAnswer {
        return run(sql, limit, source, Allowance.UNWATCHED);
    }

    static Query run(String sql, int limit, Source source, Allowance.Watcher watcher) throws CannotAnswer {
        return run(sql, limit, TIME, MEMORY, source, watcher);
    }

    static Query run(String sql, int limit, long nanos, long memory, Source source) throws CannotAnswer {
        return run(sql, limit, nanos, memory, source, Allowance.UNWATCHED);
    }

    /** @param memory bytes that it may take beside the table */
    private static Query run(String sql, int limit, long nanos, long memory, Source source, Allowance.Watcher watcher)
            throws CannotAnswer {
        if (!FirstWord.of(sql).matches("select|with|values")) {
            throw new CannotAnswer(ToolText.QUESTIONS_ONLY);
        }
        SqlWords words = SqlWords.of(sql);
        String refused = words.refusedFunction();
        if (refused != null) {
            throw new CannotAnswer(ToolText.NO_SQL_FUNCTION, refused);
        }
        try (Sandbox sandbox = Sandbox.open()) {
            source.load(sandbox);
            if (words.expanded(sandbox.views()) > SqlWords.MOST_EXPANDED) {
                throw tooComplicated();
            }
            Allowance allowance = new Allowance(nanos, memory, watcher);
            sandbox.seal(allowance::isOver);
            try {
                return ask(sandbox.connection(), sql, limit);
            } catch (SQLException e) {
                throw refused(e, allowance);
            }
        } catch (SQLException e) {
            throw new CannotAnswer(ToolText.NOT_LOADED, said(e));
        }
    }

    private static CannotAnswer refused(SQLException e, Allowance allowance) {
        if (allowance.refusal() != null) {
            return allowance.refusal();
        }
        SQLiteErrorCode code =
                e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        return switch (code) {
            case SQLITE_TOOBIG -> new CannotAnswer(ToolText.TEXT_TOO_LONG, Sandbox.LONGEST_VALUE);
            case SQLITE_NOMEM -> tooComplicated();
            default -> new CannotAnswer(ToolText.SQLITE_SAYS, said(e));
        };
    }

    private static CannotAnswer tooComplicated() {
        return new CannotAnswer(ToolText.TOO_COMPLICATED);
    }

    private static Query ask(Connection connection, String sql, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            ResultSetMetaData head = result.getMetaData();
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= head.getColumnCount(); i++) {
                columns.add(head.getColumnLabel(i));
            }
            List<List<JsonNode>> rows = new ArrayList<>();
            int size = 0;
            while (result.next()) {
                if (rows.size() == limit || size > LONGEST) {
                    return new Query(columns, rows, true);
                }
                List<JsonNode> row = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    JsonNode cell = cell(result.getObject(i));
                    size += cell.toString().length();
                    row.add(cell);
                }
                rows.add(row);
            }
            return new Query(columns, rows, false);
        }
    }

    private static JsonNode cell(@Nullable Object value) {
        return switch (value) {
            case null -> NullNode.getInstance();
            case Integer number -> Json.tree(number);
            case Long number -> Json.tree(number);
            // JSON has no infinity.
            case Double number -> Double.isFinite(number) ? Json.tree(number) : Json.tree(number.toString());
            case byte[] bytes ->
                Json.tree(cut(HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, LONGEST_CELL))));
            default -> Json.tree(cut(value.toString()));
        };
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL) + "…";
    }

    /** What SQLite itself says, without the codes around it. */
    private static String said(SQLException e) {
        String message = String.valueOf(e.getMessage()).replaceFirst("^\\[SQLITE_\\w+]\\s*", "");
        return message.replaceFirst("(?i)^SQL error or missing database \\((.*)\\)$", "$1")
                .toLowerCase(Locale.ROOT);
    }
}
