package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Finds the nearest chunks of a tenant: through pgvector's graph, or by going through the codes of all. */
final class VectorQuery {
    /** Of these the vectors themselves are compared; a tenant with no more chunks gets an exact answer. */
    static final int LEAST_CANDIDATES = 1000;

    private final Tables tables;
    private final UUID tenant;
    private final Filter filter;

    VectorQuery(Tables tables, Tenant tenant, Filter filter) {
        this.tables = tables;
        this.tenant = Ids.of(tenant);
        this.filter = filter;
    }

    /** Those whose codes are the nearest, then by their vectors. */
    Query throughCodes(SearchCode code, float[] vector, int limit) {
        String[] planes = code.planes(vector);
        StringBuilder products = new StringBuilder();
        for (int plane = planes.length - 1; plane >= 0; plane--) {
            products.append(2 << plane).append(" * bit_count(v.code & ?::bit varying) + ");
        }
        // The steps of a number are symmetric around nought: what each one in the code counts too much is taken off.
        String estimate = products + "-" + ((2 << (SearchCode.PLANES - 1)) - 1) + " * bit_count(v.code)";
        Query query = Query.of(
                "WITH candidate AS MATERIALIZED (SELECT v.document_id, v.ordinal FROM " + tables.code() + " v");
        if (!(filter instanceof Filter.All)) {
            query.add(" JOIN " + tables.document() + " d ON d.id = v.document_id AND d.tenant = ?", tenant);
        }
        query.add(" WHERE v.tenant = ?", tenant);
        if (!(filter instanceof Filter.All)) {
            query.add(" AND ").add(Filters.condition(filter, tables.chunk(), "v.ordinal"));
        }
        query.add(" ORDER BY " + estimate + " DESC", planes[3], planes[2], planes[1], planes[0]);
        query.add(
                " LIMIT ?), nearest AS (SELECT c.document_id, c.ordinal, (SELECT sum(x * y) FROM"
                        + " (SELECT unnest(c.vector) AS x, unnest(?::float4[]) AS y) AS both_of) AS score"
                        + " FROM candidate n JOIN " + tables.chunk()
                        + " c ON c.document_id = n.document_id AND c.ordinal = n.ordinal WHERE c.tenant = ?"
                        + " ORDER BY score DESC, c.document_id, c.ordinal LIMIT ?)",
                Math.max(LEAST_CANDIDATES, 3 * limit),
                VectorText.array(vector),
                tenant,
                limit);
        return query.add(
                " SELECT " + Rows.CHUNK + ", n.score FROM nearest n JOIN " + tables.chunk()
                        + " c ON c.document_id = n.document_id AND c.ordinal = n.ordinal JOIN " + tables.document()
                        + " d ON d.id = n.document_id WHERE c.tenant = ? AND d.tenant = ?"
                        + " ORDER BY n.score DESC, n.document_id, n.ordinal",
                tenant,
                tenant);
    }

    /** Through the graph, which gives fewer than asked for when the conditions let too little pass. */
    Query throughGraph(Pgvector pgvector, float[] vector, int limit) {
        String distance = pgvector.cast("c.vector", vector.length) + " " + pgvector.operator() + " "
                + pgvector.cast("?", vector.length);
        Query query = Query.of(
                "SELECT " + Rows.CHUNK + ", -(" + distance + ") FROM " + tables.chunk()
                        + " c JOIN " + tables.document() + " d ON d.id = c.document_id"
                        + " WHERE c.tenant = ? AND d.tenant = ? AND ",
                VectorText.pgvector(vector),
                tenant,
                tenant);
        return query.add(Filters.condition(filter, tables.chunk(), "c.ordinal"))
                .add(" ORDER BY " + distance + " LIMIT ?", VectorText.pgvector(vector), limit);
    }

    static List<ScoredChunk> run(Connection connection, Query query) throws SQLException {
        return query.list(connection, row -> new ScoredChunk(Rows.chunk(row), row.getFloat(Rows.BEHIND_CHUNK)));
    }
}
