package dev.mortise.rag.store.postgres;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The extension that makes an index of vectors. The vectors themselves are {@code float4[]} with it and without it, so that
 * a store can be moved between databases, and be given the extension later.
 *
 * @param schema where its types and operators are, quoted
 * @param iterative whether its searches go on until enough has passed the conditions: since 0.8
 */
record Pgvector(String schema, boolean iterative) {
    static final String INDEX = "rag_chunk_nearest";

    /** Beyond this its index cannot hold a {@code vector}. */
    static final int MOST_DIMENSIONS = 2000;

    static Optional<Pgvector> find(Connection connection) throws SQLException {
        return Sql.first(
                connection,
                "SELECT quote_ident(n.nspname), e.extversion FROM pg_extension e"
                        + " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'",
                row -> new Pgvector(row.getString(1), isIterative(row.getString(2))));
    }

    private static boolean isIterative(String version) {
        String[] parts = version.split("\\.", -1);
        int major = Integer.parseInt(parts[0]);
        return major > 0 || (parts.length > 1 && Integer.parseInt(parts[1]) >= 8);
    }

    /** Whether there is an index of vectors with so many dimensions that is fit for use. */
    static boolean isIndexed(Connection connection, Database database, int dimensions) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid = to_regclass(?)"
                                + " AND indisvalid",
                        row -> row.getString(1),
                        database.table(INDEX))
                .filter(definition -> definition.contains("vector(" + dimensions + ")"))
                .isPresent();
    }

    String createIndex(Tables tables, int dimensions) {
        return "CREATE INDEX IF NOT EXISTS " + INDEX + " ON " + tables.chunk() + " USING hnsw ("
                + cast("vector", dimensions) + " " + schema + ".vector_ip_ops)";
    }

    /** An expression as a vector; of the column, just as the index has it. */
    String cast(String expression, int dimensions) {
        return "(" + expression + "::" + schema + ".vector(" + dimensions + "))";
    }

    /** The negative of the inner product. */
    String operator() {
        return "OPERATOR(" + schema + ".<#>)";
    }

    /** For a search that wants so many; with settings that keep a plan to the index. */
    String settings(int limit) {
        String effort = "SET LOCAL hnsw.ef_search = " + Math.clamp(limit * 2L, 100, 1000) + ";"
                + "SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;";
        return iterative ? effort + "SET LOCAL hnsw.iterative_scan = strict_order;" : effort;
    }
}
