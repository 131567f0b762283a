package dev.mortise.rag.store.postgres;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.rag.internal.StoreArguments;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.StoreStatistics;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store that replicas share, in PostgreSQL 14 or later. Thread-safe.
 *
 * <pre>{@code
 * PostgresChunkStore store = PostgresChunkStore.over(dataSource)
 *         .schema("mortise")
 *         .vectors(VectorSpace.of(model))
 *         .migrate();
 * }</pre>
 *
 * <p>The data source is borrowed, and should be a pool; it may lead through a pooler in transaction mode. Each search and
 * each change is one transaction. What any replica has written is found by all of them as soon as its method returned.
 *
 * <p>Where the database has the extension pgvector, vectors of up to 2000 dimensions get an index, and tenants with more
 * than {@value #GRAPH_FROM} chunks are searched through it. All others are searched by short codes of their vectors first;
 * the vectors of the best {@value VectorQuery#LEAST_CANDIDATES} are then compared exactly, in the database.
 *
 * <p>Writers of the same tenant take turns.
 */
public final class PostgresChunkStore implements ChunkStore {
    /**
     * For a search by words, which is planned the same whatever is asked, and where planning takes as long as searching. Where
     * statements are prepared on the server it is planned once then; elsewhere this changes nothing.
     */
    private static final String PLANNED_ONCE =
            " SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;";

    /** A tenant with more chunks is searched through the index of pgvector. */
    static final int GRAPH_FROM = 20_000;

    private final Database reads;
    private final Database writes;
    private final Tables tables;
    private final Optional<VectorSpace> vectors;
    private final @Nullable SearchCode code;
    private final @Nullable Pgvector pgvector;
    private final int graphFrom;
    private final String readSettings;
    private final String writeSettings;

    private PostgresChunkStore(Builder builder, Database reads, Database writes, @Nullable Pgvector pgvector) {
        this.reads = reads;
        this.writes = writes;
        this.tables = Tables.of(reads);
        this.vectors = Optional.ofNullable(builder.vectors);
        this.code = builder.vectors == null ? null : new SearchCode(builder.vectors.dimensions());
        this.pgvector = pgvector;
        this.graphFrom = builder.graphFrom;
        this.readSettings = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY; SET LOCAL statement_timeout = "
                + builder.timeout.toMillis() + "; SET LOCAL jit = off;";
        this.writeSettings =
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; SET LOCAL statement_timeout = "
                        + builder.writeTimeout.toMillis() + "; SET LOCAL jit = off;";
    }

    /** Begins with a data source for PostgreSQL. */
    public static Builder over(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /** Whether large tenants are searched through an index of pgvector. */
    public boolean usesPgvector() {
        return pgvector != null;
    }

    @Override
    public Optional<VectorSpace> vectors() {
        return vectors;
    }

    @Override
    public void replace(Tenant tenant, List<DocumentChunks> documents) {
        StoreArguments.check(vectors, documents);
        if (documents.isEmpty()) {
            return;
        }
        // Before the transaction, so that no lock is held meanwhile.
        List<DocumentWriter.Prepared> prepared = documents.stream()
                .map(document -> new DocumentWriter.Prepared(document, DocumentTerms.of(document)))
                .toList();
        writes.write("Storing documents", connection -> {
            writer(connection, tenant).replace(prepared);
            return true;
        });
    }

    private DocumentWriter writer(Connection connection, Tenant tenant) throws SQLException {
        return DocumentWriter.locking(tables, connection, tenant, writeSettings, code);
    }

    @Override
    public boolean delete(Tenant tenant, DocumentKey document) {
        return writes.write(
                "Deleting a document", connection -> writer(connection, tenant).delete(document));
    }

    @Override
    public Optional<DocumentRecord> document(Tenant tenant, DocumentKey document) {
        return first("Reading a document", ofDocument(Rows.DOCUMENT, tenant, document), Rows::document);
    }

    @Override
    public Optional<String> text(Tenant tenant, DocumentKey document) {
        return first(
                "Reading the text of a document",
                ofDocument("d.body", tenant, document),
                row -> StorableText.read(row.getString(1)));
    }

    private Query ofDocument(String columns, Tenant tenant, DocumentKey document) {
        return Query.of(
                "SELECT " + columns + " FROM " + tables.document() + " d WHERE d.tenant = ? AND d.key = ?",
                Ids.of(tenant),
                Ids.of(document));
    }

    private <T> Optional<T> first(String what, Query query, Sql.Row<T> row) {
        return reads.read(
                what, connection -> query.list(connection, row).stream().findFirst());
    }

    @Override
    public List<Chunk> chunks(Tenant tenant, DocumentKey document) {
        UUID id = Ids.of(tenant);
        Query query = Query.of(
                "SELECT " + Rows.CHUNK + " FROM " + tables.document() + " d JOIN " + tables.chunk()
                        + " c ON c.document_id = d.id WHERE d.tenant = ? AND d.key = ? AND c.tenant = ?"
                        + " ORDER BY c.ordinal",
                id,
                Ids.of(document),
                id);
        return List.copyOf(reads.read("Reading chunks", connection -> query.list(connection, Rows::chunk)));
    }

    @Override
    public List<DocumentRecord> documents(
            Tenant tenant, @Nullable String collection, @Nullable DocumentKey after, int limit) {
        StoreArguments.checkLimit(limit);
        Query query = Query.of(
                "SELECT " + Rows.DOCUMENT + " FROM " + tables.document() + " d WHERE d.tenant = ?", Ids.of(tenant));
        if (collection != null) {
            query.add(" AND d.collection = ?", StorableText.of(collection));
        }
        if (after != null) {
            query.add(
                    " AND (d.collection, left(d.name, 256), d.name) > (?, left(?, 256), ?)",
                    StorableText.of(after.collection()),
                    StorableText.of(after.document()),
                    StorableText.of(after.document()));
        }
        query.add(" ORDER BY d.tenant, d.collection, left(d.name, 256), d.name LIMIT ?", limit);
        return reads.read("Listing documents", connection -> query.list(connection, Rows::document));
    }

    @Override
    public Map<String, Long> collections(Tenant tenant) {
        Query query = Query.of(
                "SELECT collection, count(*) FROM " + tables.document()
                        + " WHERE tenant = ? GROUP BY collection ORDER BY collection",
                Ids.of(tenant));
        return reads.read("Counting documents", connection -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            query.list(connection, row -> counts.put(StorableText.read(row.getString(1)), row.getLong(2)));
            return counts;
        });
    }

    @Override
    public StoreStatistics statistics(Tenant tenant) {
        Query query = Query.of(
                "SELECT documents, chunks, bytes FROM " + tables.tenant() + " WHERE tenant = ?", Ids.of(tenant));
        return first(
                        "Reading statistics",
                        query,
                        row -> new StoreStatistics(row.getLong(1), row.getLong(2), row.getLong(3)))
                .orElse(new StoreStatistics(0, 0, 0));
    }

    @Override
    public List<ScoredChunk> matching(Tenant tenant, String text, Filter filter, int limit) {
        StoreArguments.checkLimit(limit);
        return reads.write("Searching by words", connection -> {
            // What a filter lets pass decides how to look for it.
            String settings = filter instanceof Filter.All ? readSettings + PLANNED_ONCE : readSettings;
            LexicalQuery.Sizes sizes = sizes(connection, tenant, settings);
            if (sizes.chunks() == 0) {
                return List.of();
            }
            Map<String, Float> terms = QueryTerms.of(new Vocabulary(tables, connection, tenant), text, sizes.chunks());
            return new LexicalQuery(tables, tenant, filter).search(connection, terms, sizes, limit);
        });
    }

    @Override
    public List<ScoredChunk> nearest(Tenant tenant, float[] vector, Filter filter, int limit) {
        StoreArguments.checkLimit(limit);
        StoreArguments.check(vectors, vector);
        SearchCode codes = Objects.requireNonNull(code, "code");
        return reads.write("Searching by vectors", connection -> {
            VectorQuery query = new VectorQuery(tables, tenant, filter);
            long chunks = sizes(connection, tenant, readSettings).chunks();
            if (pgvector != null && chunks > graphFrom) {
                List<ScoredChunk> found = VectorQuery.run(
                        connection,
                        Query.of(pgvector.settings(limit)).add(query.throughGraph(pgvector, vector, limit)));
                if (found.size() == limit) {
                    return found;
                }
                // The graph gave up before enough of it had passed the filter; all that passes is few enough to go
                // through.
            }
            return VectorQuery.run(connection, query.throughCodes(codes, vector, limit));
        });
    }

    private LexicalQuery.Sizes sizes(Connection connection, Tenant tenant, String settings) throws SQLException {
        return Query.of(
                        settings + "SELECT documents, chunks, whole_tokens, chunk_tokens FROM " + tables.tenant()
                                + " WHERE tenant = ?",
                        Ids.of(tenant))
                .list(
                        connection,
                        row -> new LexicalQuery.Sizes(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .stream()
                .findFirst()
                .orElse(new LexicalQuery.Sizes(0, 0, 0, 0));
    }

    @Override
    public Map<Chunk.Id, float[]> vectorsOf(Tenant tenant, List<Chunk.Id> chunks) {
        UUID id = Ids.of(tenant);
        Query query = Query.of(
                "SELECT r.place, c.vector FROM unnest(?::uuid[], ?::bigint[], ?::integer[]) WITH ORDINALITY"
                        + " AS r(key, version, ordinal, place) JOIN " + tables.document()
                        + " d ON d.tenant = ? AND d.key = r.key AND d.version = r.version JOIN " + tables.chunk()
                        + " c ON c.document_id = d.id AND c.ordinal = r.ordinal"
                        + " WHERE c.tenant = ? AND c.vector IS NOT NULL",
                chunks.stream()
                        .map(chunk -> Ids.of(chunk.document()).toString())
                        .toArray(String[]::new),
                chunks.stream().map(chunk -> Long.toString(chunk.version())).toArray(String[]::new),
                chunks.stream().map(chunk -> Integer.toString(chunk.ordinal())).toArray(String[]::new),
                id,
                id);
        return reads.read("Reading vectors", connection -> {
            Map<Chunk.Id, float[]> found = new LinkedHashMap<>();
            query.list(connection, row -> found.put(chunks.get(row.getInt(1) - 1), Rows.vector(row, 2)));
            return found;
        });
    }

    @Override
    public long generation(Tenant tenant) {
        return first(
                        "Asking for changes",
                        Query.of("SELECT generation FROM " + tables.tenant() + " WHERE tenant = ?", Ids.of(tenant)),
                        row -> row.getLong(1))
                .orElse(0L);
    }

    @Override
    public Optional<String> trouble() {
        try {
            boolean readOnly = reads.read(
                    "Asking whether the database can be written",
                    connection -> Sql.first(
                                    connection,
                                    "SELECT current_setting('transaction_read_only') FROM " + tables.store(),
                                    row -> row.getString(1).equals("on"))
                            .orElse(false));
            return readOnly ? Optional.of("The database takes no changes just now") : Optional.empty();
        } catch (StoreUnavailable e) {
            return Optional.of("The database does not answer, or lacks the tables");
        }
    }

    @Override
    public long sizeOnDisk() {
        return reads.read(
                "Measuring the tables",
                connection -> Query.of(
                                "SELECT sum(pg_total_relation_size(to_regclass(t)))::bigint FROM unnest(?::text[]) AS t",
                                (Object) tables.all().toArray(String[]::new))
                        .list(connection, row -> row.getLong(1))
                        .getFirst());
    }

    /** Ends the threads that this has of its own. The data source stays open. */
    @Override
    public void close() {
        reads.close();
        writes.close();
    }

    /** Where and how. Not thread-safe. */
    public static final class Builder {
        private static final Duration INDEXING = Duration.ofHours(1);

        private final DataSource dataSource;
        private @Nullable String schema;
        private @Nullable VectorSpace vectors;
        private Duration timeout = Duration.ofSeconds(10);
        private Duration writeTimeout = Duration.ofMinutes(1);
        private int graphFrom = GRAPH_FROM;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** A schema of PostgreSQL, instead of the one that connections have by themselves. */
        public Builder schema(String newSchema) {
            this.schema = newSchema;
            return this;
        }

        /** What the store holds; by words only, unless set. */
        public Builder vectors(VectorSpace newVectors) {
            this.vectors = newVectors;
            return this;
        }

        /** After this, a search or a read fails; ten seconds unless set. */
        public Builder timeout(Duration newTimeout) {
            this.timeout = positive(newTimeout);
            return this;
        }

        /** After this, a change fails, which may have waited for others of the same tenant; a minute unless set. */
        public Builder writeTimeout(Duration newTimeout) {
            this.writeTimeout = positive(newTimeout);
            return this;
        }

        /** From how many chunks of a tenant on the graph is used. */
        Builder graphFrom(int chunks) {
            this.graphFrom = chunks;
            return this;
        }

        private static Duration positive(Duration timeout) {
            if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("A time-out is one millisecond to 24 days, not " + timeout);
            }
            return timeout;
        }

        /**
         * Opens the store, and creates or changes the tables as needed; with pgvector, also its index, which takes its
         * time if there are chunks already.
         *
         * @throws StoreUnavailable if the database does not answer, or refuses
         * @throws IllegalStateException if a migration was changed after it was applied, or the database is none that can
         *     be used: older than PostgreSQL 14, or with another encoding than UTF-8
         * @throws IllegalArgumentException if it holds other vectors: index the documents anew, in another schema
         */
        public PostgresChunkStore migrate() {
            return open(database -> {
                Tables.migrations(database).migrate();
                index();
            });
        }

        /**
         * Opens the store, and only checks the tables: somebody else has made them, with {@link #script}.
         *
         * @throws StoreUnavailable if the database does not answer
         * @throws IllegalStateException if something is missing, or as for {@link #migrate}
         * @throws IllegalArgumentException if it holds other vectors
         */
        public PostgresChunkStore validate() {
            return open(database -> Tables.migrations(database).validate());
        }

        /** What {@link #migrate} does in an empty database, as one script for somebody to apply by hand. */
        public String script() {
            try (Database database = Database.of(dataSource, schema, timeout)) {
                Setup.checkServer(database);
                String script = Tables.migrations(database).script();
                return new Setup(vectors)
                        .indexStatement(database)
                        .map(statement -> script + "\n" + statement + ";\n")
                        .orElse(script);
            }
        }

        private PostgresChunkStore open(Consumer<Database> prepare) {
            Database reads = Database.of(dataSource, schema, timeout);
            Database writes = null;
            try {
                Setup.checkServer(reads);
                writes = Database.of(dataSource, schema, writeTimeout);
                prepare.accept(writes);
                Setup setup = new Setup(vectors);
                setup.bind(writes);
                return new PostgresChunkStore(
                        this, reads, writes, setup.usable(reads).orElse(null));
            } catch (RuntimeException e) {
                reads.close();
                if (writes != null) {
                    writes.close();
                }
                throw e;
            }
        }

        private void index() {
            try (Database database = Database.of(dataSource, schema, INDEXING)) {
                new Setup(vectors).index(database);
            }
        }
    }
}
