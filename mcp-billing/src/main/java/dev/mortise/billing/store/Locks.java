package dev.mortise.billing.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.store.Draft.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/** The rows of {@code ledger_account}, which are also what transactions of the same tenant and meter wait for. Thread-safe. */
final class Locks {
    /** Those whose rows are there for sure, and have room, because a transaction has found them so. */
    private final Cache<Pair, Boolean> known =
            Caffeine.newBuilder().maximumSize(100_000).build();

    private final Shape accounts;
    private final Shape pairs;
    private final String open;
    private final String lock;

    Locks(Tables tables) {
        accounts = tables.shape("tenant text", "meter text", "account text");
        pairs = tables.shape("tenant text", "meter text");
        open = accounts.sql("INSERT INTO " + tables.account + " (tenant, meter, account, debits, credits, position)"
                + " SELECT tenant, meter, account, 0, 0, 0 FROM {rows} WHERE true"
                + " ON CONFLICT (tenant, meter, account) DO NOTHING");
        lock = pairs.sql("SELECT a.tenant FROM {rows} JOIN " + tables.account
                + " AS a ON a.tenant = r.tenant AND a.meter = r.meter WHERE a.account = '" + Account.USED.key()
                + "' ORDER BY a.tenant, a.meter" + tables.forUpdate("a"));
    }

    /** Makes the rows that are not there yet. */
    void open(Connection connection, Collection<Pair> wanted) throws SQLException {
        Rows missing = accounts.rows();
        for (Pair pair : wanted) {
            if (known.getIfPresent(pair) == null) {
                for (Account account : Account.values()) {
                    missing.add(pair.tenant(), pair.meter(), account.key());
                }
            }
        }
        missing.update(connection, open);
    }

    /** @param wanted in their order, which is that of the locks */
    void lock(Connection connection, Collection<Pair> wanted) throws SQLException {
        open(connection, wanted);
        Rows rows = pairs.rows();
        wanted.forEach(pair -> rows.add(pair.tenant(), pair.meter()));
        if (rows.list(connection, lock, row -> true).size() != wanted.size()) {
            throw vanished();
        }
    }

    /** Somebody has deleted accounts. */
    SQLException vanished() {
        known.invalidateAll();
        return new SQLException("Accounts have vanished from the ledger");
    }

    /** After the commit: these rows will always be there. Those without room are asked for each time. */
    void remember(Collection<Sheet> sheets) {
        sheets.forEach(sheet -> {
            if (sheet.hasRoom()) {
                known.put(sheet.pair, true);
            } else {
                known.invalidate(sheet.pair);
            }
        });
    }

    /** Whether entries may be carried over to its account later: it is there, and they will fit. */
    boolean areOpen(Pair pair) {
        return known.getIfPresent(pair) != null;
    }
}
