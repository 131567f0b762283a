package dev.mortise.billing.books;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.time.Instant;

/** Commands that nobody will send again. */
final class Commands {
    private static final int ROWS = 500;

    private Commands() {}

    /** A few in each transaction, and not those that another replica is deleting. */
    static void forget(Database database, Instant before) {
        String table = database.table("book_command");
        String delete = "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE done_at < ? LIMIT "
                + ROWS + database.dialect().skipLocked() + ")";
        int deleted;
        do {
            deleted = database.write(
                    "Forgetting commands", connection -> Sql.update(connection, delete, before.toEpochMilli()));
        } while (deleted == ROWS && !Thread.currentThread().isInterrupted());
    }
}
