package dev.mortise.security.store;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.security.access.AccessStore;
import dev.mortise.security.key.KeyStore;
import dev.mortise.security.standing.ChangeLog;
import dev.mortise.security.standing.RevokedCredentials;
import dev.mortise.security.user.UserStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What replicas share of keys, users, grants and approvals, in PostgreSQL 12 or later; or what one server remembers, in a
 * SQLite file or in memory. Thread-safe.
 *
 * <pre>{@code
 * SecurityStores stores = SecurityStores.sql(dataSource).schema("mortise").migrate();
 * }</pre>
 */
public final class SecurityStores implements AutoCloseable {
    private static final String HISTORY = "security_access_migrations";
    private static final List<String> MIGRATIONS = List.of("001-keys-users-access");

    private final KeyStore keys;
    private final UserStore users;
    private final AccessStore access;
    private final ChangeLog changes;
    private final RevokedCredentials revoked;
    private final @Nullable Database database;

    private SecurityStores(
            KeyStore keys,
            UserStore users,
            AccessStore access,
            ChangeLog changes,
            RevokedCredentials revoked,
            @Nullable Database database) {
        this.keys = keys;
        this.users = users;
        this.access = access;
        this.changes = changes;
        this.revoked = revoked;
        this.database = database;
    }

    /** Everything ends with the process: for development and tests. */
    public static SecurityStores inMemory() {
        MemoryChanges changes = new MemoryChanges();
        return new SecurityStores(
                new MemoryKeyStore(changes),
                new MemoryUserStore(changes),
                new MemoryAccessStore(changes),
                changes,
                changes,
                null);
    }

    /** Begins with a data source for PostgreSQL, or for a SQLite file. */
    public static Setup sql(DataSource dataSource) {
        return new Setup(dataSource);
    }

    /** Where and how. Not thread-safe. */
    public static final class Setup {
        private final DataSource dataSource;
        private @Nullable String schema;
        private Duration timeout = Duration.ofSeconds(5);

        private Setup(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** A schema of PostgreSQL, instead of the one that connections have by themselves. */
        public Setup schema(String newSchema) {
            this.schema = newSchema;
            return this;
        }

        /** After this an operation fails; five seconds unless set. */
        public Setup timeout(Duration newTimeout) {
            this.timeout = newTimeout;
            return this;
        }

        /**
         * Opens the stores, and creates or changes the tables as needed.
         *
         * @throws StoreUnavailable if the database does not answer, or refuses
         * @throws IllegalStateException if a migration was changed after it was applied
         */
        public SecurityStores migrate() {
            Database database = open();
            return opened(database, migrations(database)::migrate);
        }

        /**
         * Opens the stores, and only checks the tables: somebody else has made them, with {@link #script}.
         *
         * @throws StoreUnavailable if the database does not answer
         * @throws IllegalStateException if something is missing, or was changed after it was applied
         */
        public SecurityStores validate() {
            Database database = open();
            return opened(database, migrations(database)::validate);
        }

        /** What {@link #migrate} does in an empty database, as one script for somebody to apply by hand. */
        public String script() {
            try (Database database = open()) {
                return migrations(database).script();
            }
        }

        private Database open() {
            return Database.of(dataSource, schema, timeout);
        }

        private static Migrations migrations(Database database) {
            return Migrations.of(database, HISTORY, SecurityStores.class, MIGRATIONS);
        }

        private static SecurityStores opened(Database database, Runnable prepare) {
            try {
                prepare.run();
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
            JdbcChanges changes = new JdbcChanges(database, Clock.systemUTC());
            return new SecurityStores(
                    new JdbcKeyStore(database, changes),
                    new JdbcUserStore(database, changes),
                    new JdbcAccessStore(database, changes),
                    changes,
                    changes,
                    database);
        }
    }

    /** Whether it outlives the process. */
    public boolean isDurable() {
        return database != null;
    }

    public KeyStore keys() {
        return keys;
    }

    public UserStore users() {
        return users;
    }

    public AccessStore access() {
        return access;
    }

    public ChangeLog changes() {
        return changes;
    }

    public RevokedCredentials revokedCredentials() {
        return revoked;
    }

    /** Ends the threads and connections that this has of its own. The data source stays open. */
    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
