package dev.mortise.billing.books;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Carries out changes, each in one transaction; under a command, once. */
final class Writer {
    private record Done(String digest, String answer) {}

    private final Database database;
    private final Clock clock;
    private final @Nullable Command command;
    private final @Nullable Connection joined;
    private final @Nullable Witness witness;

    /** @param witness {@code null} if changes are not taken down, or by somebody else */
    Writer(
            Database database,
            Clock clock,
            @Nullable Command command,
            @Nullable Connection joined,
            @Nullable Witness witness) {
        this.database = database;
        this.clock = clock;
        this.command = command;
        this.joined = joined;
        this.witness = witness;
    }

    Writer under(Command newCommand) {
        return new Writer(database, clock, newCommand, joined, witness);
    }

    /** What is taken down would be so on a connection of its own, for which this transaction would have to end first. */
    Writer within(Connection transaction) {
        return new Writer(database, clock, command, transaction, null);
    }

    Writer by(String administrator) {
        return new Writer(database, clock, command, joined, witness == null ? null : witness.of(administrator));
    }

    Writer unaudited() {
        return new Writer(database, clock, command, joined, null);
    }

    /**
     * Makes a change that somebody has asked for, and has it taken down.
     *
     * @param target the tenant or id that it is about
     * @param type of what it answers, which a repeated command reads from the first
     */
    <T> T write(String what, String target, Class<T> type, Database.Work<T> work) {
        return witnessed(what, target, () -> write(what, type, work));
    }

    /** Has a change taken down. */
    <T> T witnessed(String what, String target, Supplier<T> change) {
        return witness == null
                ? change.get()
                : witness.change(what, target, command == null ? null : command.id(), change);
    }

    /**
     * Makes a change that is a part of another.
     *
     * @param type of what it answers, which a repeated command reads from the first
     */
    <T> T write(String what, Class<T> type, Database.Work<T> work) {
        Database.Work<T> once = command == null ? work : connection -> once(connection, command, type, work);
        return joined == null ? database.write(what, once) : join(what, joined, once);
    }

    /** Reads; within the transaction that was joined, if one was, so that what it has changed is seen. */
    <T> T read(String what, Database.Work<T> work) {
        return joined == null ? database.read(what, work) : join(what, joined, work);
    }

    boolean isJoined() {
        return joined != null;
    }

    private static <T> T join(String what, Connection connection, Database.Work<T> work) {
        try {
            return work.run(connection);
        } catch (SQLException e) {
            throw new dev.mortise.mcp.store.StoreUnavailable(what + " failed in the database", e);
        }
    }

    /**
     * For a command that takes several transactions, each of which does what is left to do: what it answers is kept when
     * all are done. The work must not be under the command itself, see {@link #plain}.
     */
    <T> T answered(String what, Class<T> type, Supplier<T> work) {
        Command once = command;
        if (once == null) {
            return work.get();
        }
        Optional<T> before = read(what, connection -> before(connection, once, type));
        if (before.isPresent()) {
            return before.get();
        }
        T answer = work.get();
        return write(what, type, connection -> answer);
    }

    /** The same, for changes under no command. */
    Writer plain() {
        return new Writer(database, clock, null, joined, witness);
    }

    private <T> Optional<T> before(Connection connection, Command once, Class<T> type) throws SQLException {
        Optional<Done> done = Sql.first(
                connection,
                "SELECT digest, answer FROM " + database.table("book_command") + " WHERE id = ?",
                row -> new Done(row.getString(1), row.getString(2)),
                once.id());
        if (done.filter(first -> !first.digest().equals(once.digest())).isPresent()) {
            throw new Conflict("This command was sent before, with another content");
        }
        try {
            return done.map(first -> Json.mapper().readValue(first.answer(), type));
        } catch (JacksonException e) {
            throw new Conflict("This command was sent before, for another change");
        }
    }

    private <T> T once(Connection connection, Command once, Class<T> type, Database.Work<T> work) throws SQLException {
        String table = database.table("book_command");
        // Two who send the same at once: the second waits here until the first has ended.
        int claimed = Sql.update(
                connection,
                "INSERT INTO " + table + " (id, digest, answer, done_at) VALUES (?, ?, '', ?)"
                        + " ON CONFLICT (id) DO NOTHING",
                once.id(),
                once.digest(),
                clock.millis());
        if (claimed == 0) {
            return before(connection, once, type)
                    .orElseThrow(() -> new Conflict("This command is forgotten just now: send it again"));
        }
        T result = work.run(connection);
        Sql.update(
                connection,
                "UPDATE " + table + " SET answer = ? WHERE id = ?",
                Json.mapper().writeValueAsString(result),
                once.id());
        return result;
    }
}
