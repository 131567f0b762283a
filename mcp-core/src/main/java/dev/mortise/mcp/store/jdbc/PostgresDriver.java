package dev.mortise.mcp.store.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What only the driver of the PostgreSQL project can be told. After a few uses it prepares a statement on the server,
 * by a name; behind a pooler that hands each transaction to another connection the name is then not known, or known
 * twice. So it is told not to, unless the host has said after how many uses it wants that. The driver is looked for by name: it is the host's, and annotated with types that are not there to compile
 * against.
 */
final class PostgresDriver {
    private static final int NOTHING = Integer.MIN_VALUE;
    /** Where the host has said nothing. */
    private static final int UNLESS_SET = 5;

    private static final @Nullable PostgresDriver PRESENT = find();

    private final Class<?> type;
    private final Method get;
    private final Method set;

    private PostgresDriver(Class<?> type) throws NoSuchMethodException {
        this.type = type;
        this.get = type.getMethod("getPrepareThreshold");
        this.set = type.getMethod("setPrepareThreshold", int.class);
    }

    private static @Nullable PostgresDriver find() {
        try {
            return new PostgresDriver(
                    Class.forName("org.postgresql.PGConnection", false, PostgresDriver.class.getClassLoader()));
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            return null;
        }
    }

    /** @return what to give back to {@link #restore} */
    static int neverPrepareUnasked(Connection connection) throws SQLException {
        return PRESENT == null ? NOTHING : PRESENT.replaceThreshold(connection, UNLESS_SET, 0);
    }

    static void restore(Connection connection, int threshold) throws SQLException {
        if (PRESENT != null && threshold != NOTHING) {
            PRESENT.replaceThreshold(connection, 0, threshold);
        }
    }

    /** @return what there was; {@link #NOTHING} if it stays as it is */
    private int replaceThreshold(Connection connection, int from, int to) throws SQLException {
        if (!connection.isWrapperFor(type)) {
            return NOTHING;
        }
        try {
            Object postgres = connection.unwrap(type);
            if ((int) get.invoke(postgres) != from) {
                return NOTHING;
            }
            set.invoke(postgres, to);
            return from;
        } catch (ReflectiveOperationException e) {
            throw new SQLException("The driver does not let itself be told how to prepare statements", e);
        }
    }
}
