package dev.mortise.examples.production.admin;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.security.Security;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The key of the first administrator. Of all processes that begin with an empty database, at once or one after the other,
 * one makes it; the others say which one that was. Thread-safe.
 */
public final class FirstKey {
    private static final String MORE =
            "more keys: production-server.jar keys create --subject NAME, for an administrator with --admin";

    private final Security security;
    private final Database database;
    private final String table;
    private final Clock clock;

    private FirstKey(Security security, Database database, Clock clock) {
        this.security = security;
        this.database = database;
        this.table = database.table("first_key");
        this.clock = clock;
    }

    /** Makes the table as needed. Both are borrowed. */
    public static FirstKey migrate(Security security, Database database, Clock clock) {
        Migrations.of(database, "first_key_migrations", FirstKey.class, List.of("001-first-key"))
                .migrate();
        return new FirstKey(security, database, clock);
    }

    /** Who showed it, as people find its output, and when. */
    private record Shown(String by, String at) {}

    /**
     * Makes the key if nobody has, and nobody made another one.
     *
     * @param process this one, as people find its output
     * @return one line for whoever started it: the key, or where it was shown
     */
    public String announce(String process) {
        boolean others = !security.keys().list(null, null, 1).isEmpty();
        if (!others && claim(process)) {
            return "administrator key, shown this once: "
                    + security.keys()
                            .issue("administrator", null, "made at the first start", Administrators.limits(null))
                            .secret();
        }
        return shown().map(
                        shown -> "the administrator key was shown by " + shown.by() + " at " + shown.at() + "; " + MORE)
                .orElse(MORE);
    }

    /** Before the key is made: a process that dies in between leaves none, and never two. */
    private boolean claim(String process) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return database.write(
                "Claiming the first key",
                connection -> Sql.update(
                                connection,
                                "INSERT INTO " + table + " (one, shown_by, shown_at) VALUES (1, ?, ?)"
                                        + " ON CONFLICT (one) DO NOTHING",
                                process,
                                now)
                        == 1);
    }

    private Optional<Shown> shown() {
        return database.read(
                "Asking who showed the first key",
                connection -> Sql.first(
                        connection,
                        "SELECT shown_by, shown_at FROM " + table,
                        row -> new Shown(row.getString(1), row.getString(2))));
    }
}
