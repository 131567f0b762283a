package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;

/**
 * Deletes rows of one table that nobody needs any more: a few in each transaction, so that nobody waits long for one, and
 * not those that another replica is deleting.
 */
final class Expiry {
    private static final int ROWS = 500;

    private final Database database;
    private final String delete;

    /**
     * @param table with its schema
     * @param row the columns of its primary key, in parentheses where there are several
     * @param columns the same without parentheses
     * @param expired a condition on its rows, with parameters
     */
    Expiry(Database database, String table, String row, String columns, String expired) {
        this.database = database;
        this.delete = "DELETE FROM " + table + " WHERE " + row + " IN (SELECT " + columns + " FROM " + table + " WHERE "
                + expired + " LIMIT " + ROWS + database.dialect().skipLocked() + ")";
    }

    /** @return how many rows there were */
    long run(Object... values) {
        long all = 0;
        int deleted;
        do {
            deleted = database.write("Forgetting", connection -> Sql.update(connection, delete, values));
            all += deleted;
        } while (deleted == ROWS && !Thread.currentThread().isInterrupted());
        return all;
    }
}
