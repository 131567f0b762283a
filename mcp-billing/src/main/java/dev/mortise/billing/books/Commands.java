package dev.mortise.billing.books;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.time.Instant;

/** Commands that nobody will send again. */
final class Commands {
    private Commands() {}

    static void forget(Database database, Instant before) {
        database.write(
                "Forgetting commands",
                connection -> Sql.update(
                        connection,
                        "DELETE FROM " + database.table("book_command") + " WHERE done_at < ?",
                        before.toEpochMilli()));
    }
}
