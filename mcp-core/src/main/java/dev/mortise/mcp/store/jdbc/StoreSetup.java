package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of a store are, and how they come to be: what opening is alike in every store over SQL. Its settings
 * return the subclass's type, so that its own go on after them. Not thread-safe.
 *
 * @param <S> the subclass
 * @param <T> what is opened
 */
public abstract class StoreSetup<S extends StoreSetup<S, T>, T> {
    private final DataSource dataSource;
    private final String history;
    private final List<String> migrations;
    private @Nullable String schema;
    private Duration timeout = Duration.ofSeconds(5);

    /**
     * @param history the table that records what was applied
     * @param migrations as for {@link Migrations#of}; they lie beside the class in which the subclass is nested
     */
    protected StoreSetup(DataSource dataSource, String history, List<String> migrations) {
        this.dataSource = dataSource;
        this.history = history;
        this.migrations = migrations;
    }

    /** A schema of PostgreSQL, instead of the one that connections have by themselves. */
    public final S schema(String newSchema) {
        this.schema = newSchema;
        return self();
    }

    /** After this an operation has failed, as far as one knows; five seconds unless set. */
    public final S timeout(Duration newTimeout) {
        this.timeout = newTimeout;
        return self();
    }

    /**
     * Opens the store, and creates or changes its tables as needed.
     *
     * @throws StoreUnavailable if the database does not answer, or refuses
     * @throws IllegalStateException if a migration was changed after it was applied, or the database cannot keep what was
     *     promised
     */
    public final T migrate() {
        return opened(Migrations::migrate);
    }

    /**
     * Opens the store, and only checks its tables: somebody else has made them, with {@link #script}.
     *
     * @throws StoreUnavailable if the database does not answer
     * @throws IllegalStateException as {@link #migrate}, and if something is missing
     */
    public final T validate() {
        return opened(Migrations::validate);
    }

    /** What {@link #migrate} does in an empty database, as one script for somebody to apply by hand. */
    public final String script() {
        // Nothing is promised by a script, so nothing has to be kept.
        try (Database database = plain().open()) {
            return migrations(database).script();
        }
    }

    /** How the database is opened; a subclass may add to it. */
    protected Database.Opening opening() {
        return plain();
    }

    private Database.Opening plain() {
        return Database.opening(dataSource).schema(schema).timeout(timeout);
    }

    /** The store, over a database whose tables are there. It is closed if this fails. */
    protected abstract T open(Database database);

    private T opened(Consumer<Migrations> prepare) {
        Database database = opening().open();
        try {
            prepare.accept(migrations(database));
            return open(database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private Migrations migrations(Database database) {
        return Migrations.of(database, history, getClass().getEnclosingClass(), migrations);
    }

    @SuppressWarnings("unchecked") // S is the subclass, by the bound on it
    private S self() {
        return (S) this;
    }
}
