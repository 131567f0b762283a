package dev.mortise.security.store;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.StoreSetup;
import dev.mortise.security.access.AccessStore;
import dev.mortise.security.key.KeyStore;
import dev.mortise.security.standing.ChangeLog;
import dev.mortise.security.standing.RevokedCredentials;
import dev.mortise.security.user.UserStore;
import java.time.Clock;
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
    private static final List<String> MIGRATIONS = List.of("001-keys-users-access", "002-key-spend", "003-payments");

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
    public static final class Setup extends StoreSetup<Setup, SecurityStores> {
        private Setup(DataSource dataSource) {
            super(dataSource, HISTORY, MIGRATIONS);
        }

        @Override
        protected SecurityStores open(Database database) {
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
