package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Ranks chunks by words, as the store in Lucene does, in one statement. A chunk is as good as its own words, those of its
 * document as a whole, and, a little, those of the other chunks that match in that document.
 */
final class LexicalQuery {
    private static final double OF_DOCUMENT = 0.45;
    private static final double OF_BEST_OTHER = 0.25;
    private static final double OF_NEXT_OTHER = 0.1;
    private static final int DOCUMENTS = 100;
    private static final int CHUNKS_OF_DOCUMENTS = 50;
    private static final int LEAST_CHUNKS = 200;

    /** How often a term stands in a text, against how long it is: BM25's k1 and b. */
    private static final String SATURATION = "weight * %1$s / (%1$s + %4$s * (1 - %5$s + %5$s * %2$s / %3$s))";

    /** How much the tenant has, as a transaction sees it. An average counts every token, as Lucene has it; a length does not. */
    record Sizes(long documents, long chunks, long wholeTokens, long chunkTokens) {
        double averageWhole() {
            return Math.max(1, (double) wholeTokens / Math.max(1, documents));
        }

        double averageChunk() {
            return Math.max(1, (double) chunkTokens / Math.max(1, chunks));
        }
    }

    private final Tables tables;
    private final UUID tenant;
    private final Filter filter;

    LexicalQuery(Tables tables, Tenant tenant, Filter filter) {
        this.tables = tables;
        this.tenant = Ids.of(tenant);
        this.filter = filter;
    }

    /** Best first; a score is the share of what the words could have scored at most. */
    List<ScoredChunk> search(Connection connection, Map<String, Float> terms, Sizes sizes, int limit)
            throws SQLException {
        if (terms.isEmpty()) {
            return List.of();
        }
        double attainable = attainable(terms);
        return query(terms, sizes, limit)
                .list(
                        connection,
                        row -> new ScoredChunk(
                                Rows.chunk(row), (float) Math.min(1, row.getDouble(Rows.BEHIND_CHUNK) / attainable)));
    }

    Query query(Map<String, Float> terms, Sizes sizes, int limit) {
        String[] names = terms.keySet().stream().map(StorableText::of).toArray(String[]::new);
        String[] weights = terms.values().stream().map(String::valueOf).toArray(String[]::new);
        String ofWhole = SATURATION.formatted("f.whole_times", "f.whole_length", "?::float8", "1.4", "0.65");
        String ofChunk = SATURATION.formatted("(h >> 20 & 4095)::float8", "(h & 1048575)", "?::float8", "1.2", "0.6");
        int most = Math.max(LEAST_CHUNKS, limit * 2);
        // How many postings a term has, and how many rows a step gives, the planner cannot know, and takes to be
        // few: then it joins by comparing each with each. So rows are looked up by their keys (OFFSET 0: and in no
        // other way), what a document is worth comes to its chunks by its number, in a window, and whether it is one
        // of the best is asked of a hashed list (IS TRUE: no join).
        Query query = Query.of(
                "WITH found AS MATERIALIZED (SELECT p.document_id, q.weight, p.whole_times, p.whole_length, p.hits"
                        + " FROM unnest(?::text[], ?::float8[]) AS q(term, weight) CROSS JOIN LATERAL (SELECT * FROM "
                        + tables.posting() + " WHERE tenant = ? AND term = q.term OFFSET 0) p),"
                        + " wholes AS MATERIALIZED (SELECT f.document_id, sum(" + ofWhole + ") AS score FROM found f"
                        + " GROUP BY f.document_id ORDER BY score DESC, f.document_id LIMIT " + DOCUMENTS + "),"
                        + " scored AS MATERIALIZED (SELECT f.document_id, (h >> 32)::integer AS ordinal, sum(" + ofChunk
                        + ") AS score FROM found f CROSS JOIN LATERAL unnest(f.hits) AS h",
                names,
                weights,
                tenant,
                sizes.averageWhole(),
                sizes.averageChunk());
        if (!(filter instanceof Filter.All)) {
            query.add(" JOIN " + tables.document() + " d ON d.id = f.document_id AND d.tenant = ? WHERE ", tenant)
                    .add(Filters.condition(filter, tables.chunk(), "(h >> 32)::integer"));
        }
        return query.add(
                " GROUP BY 1, 2),"
                        + " best AS (SELECT *, NULL::float8 AS whole FROM ((SELECT * FROM scored"
                        + " ORDER BY score DESC, document_id, ordinal LIMIT ?)"
                        + " UNION (SELECT * FROM scored WHERE (document_id IN (SELECT document_id FROM wholes"
                        + " ORDER BY score DESC, document_id LIMIT " + CHUNKS_OF_DOCUMENTS + ")) IS TRUE"
                        + " ORDER BY score DESC, document_id, ordinal LIMIT ?)) AS either"
                        + " UNION ALL SELECT document_id, NULL, NULL, score FROM wholes),"
                        + " placed AS (SELECT b.*, row_number() OVER (PARTITION BY document_id"
                        + " ORDER BY score DESC NULLS LAST, ordinal) AS place FROM best b),"
                        + " beside AS (SELECT p.*, max(score) FILTER (WHERE place = 1) OVER others AS first,"
                        + " coalesce(max(score) FILTER (WHERE place = 2) OVER others, 0) AS second,"
                        + " coalesce(max(score) FILTER (WHERE place = 3) OVER others, 0) AS third,"
                        + " coalesce(max(whole) OVER others, 0) AS of_document"
                        + " FROM placed p WINDOW others AS (PARTITION BY document_id)),"
                        + " ranked AS (SELECT b.document_id, b.ordinal, " + (1 - OF_DOCUMENT) + " * (b.score + "
                        + OF_BEST_OTHER + " * CASE place WHEN 1 THEN second ELSE first END + " + OF_NEXT_OTHER
                        + " * CASE WHEN place <= 2 THEN third ELSE second END) + " + OF_DOCUMENT
                        + " * of_document AS score FROM beside b WHERE b.ordinal IS NOT NULL"
                        + " ORDER BY score DESC, b.document_id, b.ordinal LIMIT ?)"
                        + " SELECT " + Rows.CHUNK + ", r.score FROM ranked r"
                        + " CROSS JOIN LATERAL (SELECT * FROM " + tables.chunk()
                        + " WHERE document_id = r.document_id AND ordinal = r.ordinal OFFSET 0) c"
                        + " CROSS JOIN LATERAL (SELECT * FROM " + tables.document()
                        + " WHERE id = r.document_id OFFSET 0) d"
                        + " WHERE c.tenant = ? AND d.tenant = ?"
                        + " ORDER BY r.score DESC, r.document_id, r.ordinal",
                most,
                most,
                limit,
                tenant,
                tenant);
    }

    private static double attainable(Map<String, Float> terms) {
        double sum = 0;
        for (float weight : terms.values()) {
            sum += weight;
        }
        return Math.max(
                Float.MIN_NORMAL, sum * (OF_DOCUMENT + (1 - OF_DOCUMENT) * (1 + OF_BEST_OTHER + OF_NEXT_OTHER)));
    }
}
