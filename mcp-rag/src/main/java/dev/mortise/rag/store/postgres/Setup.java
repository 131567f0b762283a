package dev.mortise.rag.store.postgres;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.rag.store.VectorSpace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold before a store is opened: a server that can be used, vectors of one model, and an index of them where
 * there is pgvector.
 *
 * @param vectors what the store shall hold; null for words only
 */
record Setup(@Nullable VectorSpace vectors) {
    private static final long OLDEST_SERVER = 140_000;

    static void checkServer(Database database) {
        if (database.dialect() != Dialect.POSTGRESQL) {
            throw new IllegalStateException("Chunks are stored in PostgreSQL, or in a folder by LuceneChunkStore");
        }
        database.read("Asking for the version", connection -> {
            long version = Sql.number(connection, "SELECT current_setting('server_version_num')::bigint");
            String encoding = Sql.first(
                            connection, "SELECT current_setting('server_encoding')", row -> row.getString(1))
                    .orElse("");
            if (version < OLDEST_SERVER || !encoding.equals("UTF8")) {
                throw new IllegalStateException("Chunks are stored in PostgreSQL 14 or later with the encoding"
                        + " UTF8; this is version " + version / 10_000 + " with " + encoding);
            }
            return true;
        });
    }

    /** Vectors of two models cannot be compared: the first who opens a store says what is in it. */
    void bind(Database database) {
        String model = vectors == null ? "" : vectors.model();
        int dimensions = vectors == null ? 0 : vectors.dimensions();
        Tables tables = Tables.of(database);
        VectorSpace found = database.write("Opening the store", connection -> {
            List<VectorSpace> known = space(connection, tables);
            if (known.isEmpty()) {
                Sql.update(
                        connection,
                        "INSERT INTO " + tables.store()
                                + " (id, model, dimensions) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING",
                        StorableText.of(model),
                        dimensions);
                known = space(connection, tables);
            }
            return known.getFirst();
        });
        if (!found.model().equals(model) || found.dimensions() != Math.max(1, dimensions)) {
            throw new IllegalArgumentException("The store holds "
                    + (found.model().isEmpty() ? "no vectors" : found) + ", not "
                    + (vectors == null ? "no vectors" : vectors)
                    + ": index the documents anew, in another schema");
        }
    }

    private static List<VectorSpace> space(Connection connection, Tables tables) throws SQLException {
        return Sql.list(
                connection,
                "SELECT model, dimensions FROM " + tables.store(),
                row -> new VectorSpace(StorableText.read(row.getString(1)), Math.max(1, row.getInt(2))));
    }

    /** With the extension, the index that it makes; replicas that start at once take turns. */
    void index(Database database) {
        Optional<String> statement = indexStatement(database);
        if (statement.isPresent() && usable(database).isEmpty()) {
            Tables tables = Tables.of(database);
            database.write("Making the index of vectors", connection -> {
                Query.of("SELECT pg_advisory_xact_lock(hashtext(?))::text", "mortise index of " + tables.chunk())
                        .list(connection, row -> true);
                return Query.of(statement.get()).update(connection);
            });
        }
    }

    Optional<String> indexStatement(Database database) {
        if (vectors == null || vectors.dimensions() > Pgvector.MOST_DIMENSIONS) {
            return Optional.empty();
        }
        int dimensions = vectors.dimensions();
        Tables tables = Tables.of(database);
        return database.read("Looking for pgvector", Pgvector::find)
                .map(found -> found.createIndex(tables, dimensions));
    }

    /** If its index is there. */
    Optional<Pgvector> usable(Database database) {
        if (vectors == null) {
            return Optional.empty();
        }
        int dimensions = vectors.dimensions();
        return database.read(
                "Looking for the index of vectors",
                connection -> Pgvector.isIndexed(connection, database, dimensions)
                        ? Pgvector.find(connection)
                        : Optional.<Pgvector>empty());
    }
}
