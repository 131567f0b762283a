package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes the documents of one tenant within a transaction, which holds the lock of the tenant from its beginning to its
 * end: so writers of any replicas take turns, never wait for each other in a circle, and their counts add up.
 */
final class DocumentWriter {
    /** A document with all that can be found out before the lock is taken. */
    record Prepared(DocumentChunks document, DocumentTerms terms) {}

    private final Tables tables;
    private final Connection connection;
    private final UUID tenant;
    private final @Nullable SearchCode code;

    private DocumentWriter(Tables tables, Connection connection, UUID tenant, @Nullable SearchCode code) {
        this.tables = tables;
        this.connection = connection;
        this.tenant = tenant;
        this.code = code;
    }

    /**
     * Waits for its turn.
     *
     * @param settings statements that set what counts for this transaction, each with its semicolon
     * @param code null in a store without vectors
     */
    static DocumentWriter locking(
            Tables tables, Connection connection, Tenant tenant, String settings, @Nullable SearchCode code)
            throws SQLException {
        UUID id = Ids.of(tenant);
        // An acknowledged change survives the death of the database also where the host has taken that back in general.
        Query.of(settings + "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
                        + " WHEN 'off' THEN 'local' ELSE current_setting('synchronous_commit') END, true)")
                .list(connection, row -> true);
        Query.of(
                        "INSERT INTO " + tables.tenant() + " (tenant, name, generation, documents, chunks, bytes,"
                                + " whole_tokens, chunk_tokens) VALUES (?, ?, 0, 0, 0, 0, 0, 0)"
                                + " ON CONFLICT (tenant) DO NOTHING",
                        id,
                        StorableText.of(tenant.name()))
                .update(connection);
        Query.of("SELECT 1 FROM " + tables.tenant() + " WHERE tenant = ? FOR UPDATE", id)
                .list(connection, row -> true);
        return new DocumentWriter(tables, connection, id, code);
    }

    void replace(List<Prepared> documents) throws SQLException {
        Map<UUID, Prepared> byKey = new TreeMap<>();
        documents.forEach(
                document -> byKey.put(Ids.of(document.document().document().key()), document));
        Change change = remove(byKey.keySet());
        Map<UUID, Long> ids = insertDocuments(byKey);
        Map<String, Long> words = new TreeMap<>();
        for (Map.Entry<UUID, Prepared> entry : byKey.entrySet()) {
            Prepared prepared = entry.getValue();
            change.add(1, prepared);
            prepared.terms().postings.forEach((term, posting) -> words.merge(term, (long) posting.chunks, Long::sum));
        }
        insertChunks(byKey, ids);
        insertPostings(byKey, ids);
        insertWords(words);
        apply(change);
    }

    /** @return whether there was one */
    boolean delete(DocumentKey document) throws SQLException {
        Change change = remove(List.of(Ids.of(document)));
        if (change.documents == 0) {
            return false;
        }
        apply(change);
        return true;
    }

    private Change remove(Collection<UUID> keys) throws SQLException {
        Change change = new Change();
        List<String> ids = Query.of(
                        "SELECT id, chunks, bytes, whole_tokens, chunk_tokens FROM " + tables.document()
                                + " WHERE tenant = ? AND key = ANY (?::uuid[])",
                        tenant,
                        keys.stream().map(UUID::toString).toArray(String[]::new))
                .list(connection, row -> {
                    change.documents--;
                    change.chunks -= row.getLong(2);
                    change.bytes -= row.getLong(3);
                    change.wholeTokens -= row.getLong(4);
                    change.chunkTokens -= row.getLong(5);
                    return row.getString(1);
                });
        if (!ids.isEmpty()) {
            String[] gone = ids.toArray(String[]::new);
            removeTerms(gone);
            Query.of("DELETE FROM " + tables.code() + " WHERE tenant = ? AND document_id = ANY (?::bigint[])")
                    .add("", tenant, gone)
                    .update(connection);
            Query.of("DELETE FROM " + tables.chunk() + " WHERE document_id = ANY (?::bigint[])", (Object) gone)
                    .update(connection);
            Query.of("DELETE FROM " + tables.document() + " WHERE id = ANY (?::bigint[])", (Object) gone)
                    .update(connection);
        }
        return change;
    }

    private void removeTerms(String[] documents) throws SQLException {
        List<String> unused = new ArrayList<>();
        Query.of(
                        "WITH gone AS (DELETE FROM " + tables.posting() + " WHERE document_id = ANY (?::bigint[])"
                                + " RETURNING term, cardinality(hits) AS chunks),"
                                + " less AS (SELECT term, sum(chunks) AS chunks FROM gone GROUP BY term)"
                                + " UPDATE " + tables.word() + " w SET chunks = w.chunks - less.chunks FROM less"
                                + " WHERE w.tenant = ? AND w.term = less.term RETURNING w.term, w.chunks",
                        documents,
                        tenant)
                .list(connection, row -> row.getLong(2) > 0 || unused.add(row.getString(1)));
        if (!unused.isEmpty()) {
            Query.of("DELETE FROM " + tables.word() + " WHERE tenant = ? AND term = ANY (?)")
                    .add("", tenant, unused.toArray(String[]::new))
                    .update(connection);
        }
    }

    private Map<UUID, Long> insertDocuments(Map<UUID, Prepared> documents) throws SQLException {
        RowBatch rows = new RowBatch(
                connection,
                "INSERT INTO " + tables.document() + " (tenant, key, collection, name, title, media_type, content_hash,"
                        + " version, bytes, updated_at, metadata, varied, chunks, whole_tokens, chunk_tokens, body)",
                List.of(
                        "uuid", "uuid", "text", "text", "text", "text", "text", "bigint", "bigint", "bigint", "jsonb",
                        "boolean", "integer", "bigint", "bigint", "text"),
                "");
        for (Map.Entry<UUID, Prepared> entry : documents.entrySet()) {
            DocumentChunks document = entry.getValue().document();
            DocumentRecord record = document.document();
            DocumentTerms terms = entry.getValue().terms();
            boolean varied = document.chunks().stream()
                    .anyMatch(chunk -> !chunk.chunk().metadata().equals(record.metadata()));
            rows.add(
                    tenant.toString(),
                    entry.getKey().toString(),
                    StorableText.of(record.key().collection()),
                    StorableText.of(record.key().document()),
                    StorableText.of(record.title()),
                    StorableText.of(record.mediaType()),
                    StorableText.of(record.contentHash()),
                    Long.toString(record.version()),
                    Long.toString(record.bytes()),
                    Long.toString(record.updated().toEpochMilli()),
                    StorableText.of(record.metadata()),
                    Boolean.toString(varied),
                    Integer.toString(document.chunks().size()),
                    Long.toString(terms.wholeTokens),
                    Long.toString(terms.chunkTokens),
                    StorableText.of(document.text()));
        }
        rows.flush();
        Map<UUID, Long> ids = new HashMap<>();
        Query.of(
                        "SELECT key, id FROM " + tables.document() + " WHERE tenant = ? AND key = ANY (?::uuid[])",
                        tenant,
                        documents.keySet().stream().map(UUID::toString).toArray(String[]::new))
                .list(connection, row -> ids.put(row.getObject(1, UUID.class), row.getLong(2)));
        return ids;
    }

    private void insertChunks(Map<UUID, Prepared> documents, Map<UUID, Long> ids) throws SQLException {
        RowBatch chunks = new RowBatch(
                connection,
                "INSERT INTO " + tables.chunk()
                        + " (tenant, document_id, ordinal, title, headings, starts, ends, body, metadata, vector)",
                List.of(
                        "uuid",
                        "bigint",
                        "integer",
                        "text",
                        "jsonb",
                        "integer",
                        "integer",
                        "text",
                        "jsonb",
                        "float4[]"),
                "");
        RowBatch codes = new RowBatch(
                connection,
                "INSERT INTO " + tables.code() + " (tenant, document_id, ordinal, code)",
                List.of("uuid", "bigint", "integer", "bit varying"),
                "");
        for (Map.Entry<UUID, Prepared> entry : documents.entrySet()) {
            DocumentRecord record = entry.getValue().document().document();
            String id = String.valueOf(ids.get(entry.getKey()));
            for (EmbeddedChunk embedded : entry.getValue().document().chunks()) {
                Chunk chunk = embedded.chunk();
                float[] vector = embedded.vector();
                String ordinal = Integer.toString(chunk.ordinal());
                chunks.add(
                        tenant.toString(),
                        id,
                        ordinal,
                        chunk.title().equals(record.title()) ? null : StorableText.of(chunk.title()),
                        StorableText.of(chunk.headings()),
                        Integer.toString(chunk.start()),
                        Integer.toString(chunk.end()),
                        StorableText.of(chunk.text()),
                        chunk.metadata().equals(record.metadata()) ? null : StorableText.of(chunk.metadata()),
                        vector == null ? null : VectorText.array(vector));
                if (vector != null && code != null) {
                    codes.add(tenant.toString(), id, ordinal, code.of(vector));
                }
            }
        }
        chunks.flush();
        codes.flush();
    }

    private void insertPostings(Map<UUID, Prepared> documents, Map<UUID, Long> ids) throws SQLException {
        RowBatch rows = new RowBatch(
                connection,
                "INSERT INTO " + tables.posting() + " (tenant, document_id, term, whole_times, whole_length, hits)",
                List.of("uuid", "bigint", "text", "integer", "integer", "bigint[]"),
                "");
        for (Map.Entry<UUID, Prepared> entry : documents.entrySet()) {
            DocumentTerms terms = entry.getValue().terms();
            String id = String.valueOf(ids.get(entry.getKey()));
            String length = Long.toString(Math.clamp(terms.wholeLength, 1, Integer.MAX_VALUE));
            for (Map.Entry<String, DocumentTerms.Posting> posting : terms.postings.entrySet()) {
                rows.add(
                        tenant.toString(),
                        id,
                        StorableText.of(posting.getKey()),
                        Integer.toString(posting.getValue().wholeTimes),
                        length,
                        posting.getValue().hits());
            }
        }
        rows.flush();
    }

    private void insertWords(Map<String, Long> words) throws SQLException {
        RowBatch rows = new RowBatch(
                connection,
                "INSERT INTO " + tables.word() + " AS w (tenant, term, chunks)",
                List.of("uuid", "text", "bigint"),
                "ON CONFLICT (tenant, term) DO UPDATE SET chunks = w.chunks + excluded.chunks");
        for (Map.Entry<String, Long> word : words.entrySet()) {
            rows.add(tenant.toString(), StorableText.of(word.getKey()), Long.toString(word.getValue()));
        }
        rows.flush();
    }

    /** The generation is by the clock, so that it is another one also after a backup was restored. */
    private void apply(Change change) throws SQLException {
        Query.of(
                        "UPDATE " + tables.tenant() + " SET generation = greatest(generation + 1,"
                                + " (extract(epoch from clock_timestamp()) * 1000000)::bigint),"
                                + " documents = documents + ?, chunks = chunks + ?, bytes = bytes + ?,"
                                + " whole_tokens = whole_tokens + ?, chunk_tokens = chunk_tokens + ? WHERE tenant = ?",
                        change.documents,
                        change.chunks,
                        change.bytes,
                        change.wholeTokens,
                        change.chunkTokens,
                        tenant)
                .update(connection);
    }

    /** What a transaction adds to the counts of the tenant. */
    private static final class Change {
        long documents;
        long chunks;
        long bytes;
        long wholeTokens;
        long chunkTokens;

        void add(int count, Prepared document) {
            documents += count;
            chunks += document.document().chunks().size();
            bytes += document.document().document().bytes();
            wholeTokens += document.terms().wholeTokens;
            chunkTokens += document.terms().chunkTokens;
        }
    }
}
