package dev.mortise.billing.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.store.Draft.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The rows of {@code ledger_account}, which are also what transactions of the same tenant and meter wait for. Thread-safe. */
final class Locks {
    private final Tables tables;
    /** Those whose rows are there for sure, because a transaction has found them. */
    private final Cache<Pair, Boolean> known =
            Caffeine.newBuilder().maximumSize(100_000).build();

    Locks(Tables tables) {
        this.tables = tables;
    }

    /** @param pairs in their order, which is that of the locks */
    Map<Pair, Totals> lock(Connection connection, Collection<Pair> pairs) throws SQLException {
        Rows missing = tables.rows("tenant text", "meter text", "account text");
        Rows wanted = tables.rows("tenant text", "meter text");
        for (Pair pair : pairs) {
            wanted.add(pair.tenant(), pair.meter());
            if (known.getIfPresent(pair) == null) {
                for (Account account : Account.values()) {
                    missing.add(pair.tenant(), pair.meter(), account.key());
                }
            }
        }
        missing.update(
                connection,
                "INSERT INTO " + tables.account + " (tenant, meter, account, debits, credits, position)"
                        + " SELECT tenant, meter, account, 0, 0, 0 FROM {rows} WHERE true"
                        + " ON CONFLICT (tenant, meter, account) DO NOTHING");
        Map<Pair, Totals> totals = new HashMap<>();
        wanted.list(
                        connection,
                        "SELECT a.tenant, a.meter, a.debits, a.credits, a.position FROM {rows} JOIN " + tables.account
                                + " AS a ON a.tenant = r.tenant AND a.meter = r.meter WHERE a.account = '"
                                + Account.USED.key() + "' ORDER BY a.tenant, a.meter" + tables.forUpdate("a"),
                        row -> Map.entry(
                                new Pair(row.getString(1), row.getString(2)),
                                new Totals(row.getLong(3), row.getLong(4), row.getLong(5))))
                .forEach(each -> totals.put(each.getKey(), each.getValue()));
        if (totals.size() != pairs.size()) {
            known.invalidateAll();
            throw new SQLException("Accounts have vanished from the ledger");
        }
        return totals;
    }

    /** After the commit: these rows will always be there. */
    void remember(Collection<Pair> pairs) {
        pairs.forEach(pair -> known.put(pair, true));
    }

    void update(Connection connection, Map<Pair, Totals> totals) throws SQLException {
        Rows changed = tables.rows(
                "tenant text", "meter text", "account text", "debits bigint", "credits bigint", "position bigint");
        totals.forEach((pair, now) -> {
            if (now.isChanged()) {
                changed.add(
                        pair.tenant(), pair.meter(), Account.USED.key(), now.debits(), now.credits(), now.position());
                changed.add(
                        pair.tenant(),
                        pair.meter(),
                        Account.SUPPLIED.key(),
                        now.credits(),
                        now.debits(),
                        now.position());
            }
        });
        changed.update(
                connection,
                "UPDATE " + tables.account + " AS a SET debits = r.debits, credits = r.credits,"
                        + " position = r.position FROM {rows} WHERE a.tenant = r.tenant AND a.meter = r.meter"
                        + " AND a.account = r.account");
    }
}
