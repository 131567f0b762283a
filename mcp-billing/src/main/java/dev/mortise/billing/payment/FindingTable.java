package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Findings in the table {@code pay_finding}, one for each subject and kind, until somebody has dealt with it. */
final class FindingTable {
    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);
    private static final int MAX_DETAIL = 500;

    private final String table;

    FindingTable(Database database) {
        this.table = database.table("pay_finding");
    }

    /** A condition: nothing of these kinds is to be looked at that has a column of another table as its subject. */
    static String none(Database database, String table, String column, Finding.Kind... kinds) {
        String any = Arrays.stream(kinds).map(kind -> "'" + kind.name() + "'").collect(Collectors.joining(", "));
        return "NOT EXISTS (SELECT 1 FROM " + database.table("pay_finding") + " AS f WHERE f.provider = " + table
                + ".provider AND f.kind IN (" + any + ") AND f.subject = " + table + "." + column + ")";
    }

    void record(Connection connection, Finding finding) throws SQLException {
        String detail = finding.detail();
        LOG.warn("{} of {}: {} ({})", finding.kind(), finding.provider(), finding.subject(), detail);
        Sql.update(
                connection,
                "INSERT INTO " + table + " (provider, kind, subject, tenant, detail, seen_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (provider, kind, subject)"
                        + " DO UPDATE SET tenant = excluded.tenant, detail = excluded.detail,"
                        + " seen_at = excluded.seen_at",
                finding.provider(),
                finding.kind().name(),
                finding.subject(),
                finding.tenant(),
                detail.substring(0, Math.min(MAX_DETAIL, detail.length())),
                finding.seenAt().toEpochMilli());
    }

    List<Finding> list(Connection connection, int limit) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM " + table + " ORDER BY seen_at DESC, provider, kind, subject LIMIT ?",
                row -> new Finding(
                        row.getString("provider"),
                        Finding.Kind.valueOf(row.getString("kind")),
                        row.getString("subject"),
                        row.getString("tenant"),
                        row.getString("detail"),
                        Rows.time(row, "seen_at")),
                limit);
    }

    boolean remove(Connection connection, String provider, Finding.Kind kind, String subject) throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM " + table + " WHERE provider = ? AND kind = ? AND subject = ?",
                        provider,
                        kind.name(),
                        subject)
                == 1;
    }
}
