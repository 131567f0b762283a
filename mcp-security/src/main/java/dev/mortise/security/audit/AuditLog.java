package dev.mortise.security.audit;

import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A log in PostgreSQL or a SQLite file, in which nothing can be changed unnoticed. Thread-safe.
 *
 * <pre>{@code
 * AuditLog log = AuditLog.in(dataSource, CheckpointSigner.of(keyPair))
 *         .writer("replica-1")
 *         .witness(CheckpointWitness.file(Path.of("/worm/checkpoints.jsonl")))
 *         .migrate();
 * }</pre>
 *
 * <p>Each process writes a stream of its own, from its start to its end: a chain of records, each with the hash of the
 * one before. A signed checkpoint now and then says how far it was. What is left open by a process that died is ended by
 * another one. Calls that record at the same time share a transaction.
 *
 * <p>Give it a SQLite file that nothing else writes to: there is one writer for a file, and this one commits often.
 */
public final class AuditLog implements AuditTrail, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);
    /** Where nobody waits for the disk, a transaction for each event would be a waste. */
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(20);

    /** Of a new SQLite file: a block fills some of these. */
    private static final int PAGE = 16_384;

    private final AuditTables tables;
    private final Notices notices;
    private final SinkFeed sinks;
    private final Checkpoints checkpoints;
    private final AuditWriter writer;
    private final Keeper keeper;
    private final AuditReader reader;
    private final Durability durability;
    private final WhenUnavailable whenUnavailable;
    private final Duration timeout;
    private final Clock clock;
    /** Of the work that deletes: one at a time. */
    private final ReentrantLock deleting = new ReentrantLock();

    private AuditLog(Builder builder, Database database) {
        this.durability = builder.durability;
        this.whenUnavailable = builder.whenUnavailable;
        this.timeout = builder.timeout;
        this.clock = builder.clock;
        this.tables = new AuditTables(database, durability);
        this.notices = new Notices(builder.listener);
        this.sinks = new SinkFeed(builder.sink, notices, builder.backlog);
        this.checkpoints = new Checkpoints(tables.checkpoints(), notices, builder);
        this.writer = new AuditWriter(
                tables, checkpoints, builder.writer, clock, notices, sinks, builder.backlog, builder.linger());
        this.keeper = new Keeper(tables, writer, checkpoints, notices, builder);
        this.reader = new AuditReader(tables, builder.databaseTimeout);
    }

    /**
     * Begins with where and by whose signature.
     *
     * @param dataSource for PostgreSQL, or for a SQLite file; it is borrowed
     */
    public static Builder in(DataSource dataSource, CheckpointSigner signer) {
        return new Builder(dataSource, signer);
    }

    private void start() {
        writer.start();
        sinks.start();
        keeper.start();
    }

    /** {@inheritDoc} Calls wait for the transaction that theirs is in, a few milliseconds as a rule. */
    @Override
    public void record(AuditEvent event) {
        if (event.kind() == AuditEvent.Kind.LOG) {
            throw new IllegalArgumentException("Only the log speaks of itself");
        }
        Pending pending = new Pending(new Entry.Event(event));
        boolean refuses = whenUnavailable.refuses(event);
        try {
            if (writer.isFailing()) {
                // A batch is being tried already: no use in waiting behind it.
                goOnWithout(!refuses && writer.offer(pending, Duration.ZERO), refuses);
            } else if (!writer.offer(pending, timeout)) {
                goOnWithout(false, refuses);
            } else if (durability != Durability.BUFFERED && !pending.await(timeout)) {
                if (refuses) {
                    pending.withdraw();
                }
                goOnWithout(true, refuses);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            pending.withdraw();
            throw new AuditUnavailable("Interrupted before the event was taken down", e);
        }
    }

    private void goOnWithout(boolean waits, boolean refuses) {
        if (refuses) {
            throw new AuditUnavailable("The audit log cannot be written");
        }
        if (!waits) {
            writer.lost();
        }
    }

    /** Reads: searches, exports, verifies. */
    public AuditReader reader() {
        return reader;
    }

    /** Signs where this replica's stream is now, without waiting for the next time. Failing is told as a notice. */
    public void checkpoint() {
        keeper.checkpoint();
    }

    /** From now on signs with another key. Verifiers need both for as long as checkpoints of the old one are kept. */
    public void signWith(CheckpointSigner next) {
        keeper.signWith(next);
    }

    /**
     * Erases what is personal in every record about somebody: subject, credential, target, request id and details, where
     * it is the subject or the target. The records stay, and so do the hashes; the log says which records were erased, and
     * not whose. Copies elsewhere are not reached: exports, sinks, backups.
     *
     * @param tenant only there; {@code null} for everywhere
     * @param reference why, for those who read the log: the number of a request, nothing personal
     * @return how many records
     * @throws AuditUnavailable if the log cannot be written or signed; what was erased until then stays so, and it can be
     *     done again
     */
    public long erase(@Nullable String tenant, String subject, String reference) {
        deleting.lock();
        try {
            return new Erasure(keeper, tables).erase(tenant, subject, reference);
        } finally {
            deleting.unlock();
        }
    }

    /**
     * Deletes the oldest records, those at the beginning of each stream that are all older. A signed checkpoint, which is
     * kept, says that this was allowed and what the next record follows. What no checkpoint covers yet stays, and so does
     * a stream that is not as it was written ({@link AuditNotice.NotAsWritten}).
     *
     * @return how many records
     * @throws AuditUnavailable if the log cannot be written, or the checkpoint not signed
     */
    public long prune(Instant before) {
        deleting.lock();
        try {
            return new Pruning(keeper, tables, checkpoints, notices).prune(before);
        } finally {
            deleting.unlock();
        }
    }

    /** Whether the log is written, for {@link dev.mortise.mcp.health.Health}. */
    public HealthCheck healthCheck() {
        return HealthCheck.of("audit", () -> {
            if (writer.isClosing()) {
                return Verdict.down("closed");
            }
            return writer.isFailing() ? Verdict.down("cannot be written") : Verdict.up();
        });
    }

    Keeper keeper() {
        return keeper;
    }

    /**
     * Writes what waits, ends the stream and signs its end, within some seconds; then this refuses everything. The data
     * source stays open.
     */
    @Override
    public void close() {
        try {
            keeper.close(CLOSING);
            writer.close(CLOSING);
            if (!writer.isFailing()) {
                checkpoints.sign(writer.head(), SignedCheckpoint.Purpose.END);
            }
            sinks.close(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            notices.close();
            tables.database().close();
        }
    }

    /** How. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        final CheckpointSigner signer;
        private @Nullable String schema;
        private Duration databaseTimeout = Duration.ofSeconds(5);
        private String writer = "";
        private Durability durability = Durability.WRITTEN;
        private WhenUnavailable whenUnavailable = WhenUnavailable.REFUSE;
        Duration timeout = Duration.ofSeconds(2);
        private int backlog = 10_000;
        private @Nullable Duration linger;
        private @Nullable AuditSink sink;
        private AuditNotice.Listener listener = notice -> {};
        CheckpointWitness witness = CheckpointWitness.NONE;
        CheckpointKeys trusted = CheckpointKeys.of();
        Duration checkpointEvery = Duration.ofMinutes(1);
        Duration lease = Duration.ofMinutes(1);
        Clock clock = Clock.systemUTC();

        private Builder(DataSource dataSource, CheckpointSigner signer) {
            CheckpointKeys.requireEd25519(signer.publicKey());
            this.dataSource = dataSource;
            this.signer = signer;
        }

        /** A schema of PostgreSQL, instead of the one that connections have by themselves. */
        public Builder schema(String newSchema) {
            this.schema = newSchema;
            return this;
        }

        /** After this a transaction has failed, as far as one knows; five seconds unless set. */
        public Builder databaseTimeout(Duration newTimeout) {
            this.databaseTimeout = requirePositive(newTimeout);
            return this;
        }

        /** The name of this replica, for people. */
        public Builder writer(String newName) {
            this.writer = newName;
            return this;
        }

        /** {@link Durability#WRITTEN} unless set. */
        public Builder durability(Durability newDurability) {
            this.durability = newDurability;
            return this;
        }

        /** {@link WhenUnavailable#REFUSE} unless set. */
        public Builder whenUnavailable(WhenUnavailable newPolicy) {
            this.whenUnavailable = newPolicy;
            return this;
        }

        /** How long a call waits for its event to be taken down, to a tenth of a second; two seconds unless set. */
        public Builder timeout(Duration newTimeout) {
            this.timeout = requirePositive(newTimeout);
            return this;
        }

        /** How many events may wait, for the database and for the sink each; 10,000 unless set, up to a million. */
        public Builder backlog(int newMost) {
            if (newMost < 1 || newMost > 1_000_000) {
                throw new IllegalArgumentException("A backlog lies between 1 and a million, but is " + newMost);
            }
            this.backlog = newMost;
            return this;
        }

        /**
         * How long after one transaction has begun the next begins at the soonest: 20 ms unless set where the log is
         * {@link Durability#BUFFERED}, and otherwise not at all. Where calls come many at a time, some milliseconds put more
         * of their records into one transaction and spare the database most of its work; they wait that much longer. A
         * record that comes after a silence waits for nothing.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder linger(Duration newLinger) {
            if (newLinger.isNegative()) {
                throw new IllegalArgumentException("To linger takes no negative time, but this is " + newLinger);
            }
            this.linger = newLinger;
            return this;
        }

        private Duration linger() {
            Duration unlessSet = durability == Durability.BUFFERED ? BETWEEN_BATCHES : Duration.ZERO;
            return Objects.requireNonNullElse(linger, unlessSet);
        }

        /** Gets all records after they are written. */
        public Builder sink(AuditSink newSink) {
            this.sink = newSink;
            return this;
        }

        /** Is told what an operator should know. */
        public Builder listener(AuditNotice.Listener newListener) {
            this.listener = newListener;
            return this;
        }

        /** Keeps checkpoints elsewhere; nobody unless set. */
        public Builder witness(CheckpointWitness newWitness) {
            this.witness = newWitness;
            return this;
        }

        /**
         * Keys that other replicas sign with, and earlier ones, beside that of this log: of a stream that none of them
         * signed, the end is not signed and nothing is pruned.
         */
        public Builder trust(CheckpointKeys others) {
            this.trusted = others;
            return this;
        }

        /** How often to sign; every minute unless set. */
        public Builder checkpointEvery(Duration newInterval) {
            this.checkpointEvery = requirePositive(newInterval);
            return this;
        }

        /** How long a replica may be silent before its stream is ended by another; a minute unless set. */
        public Builder lease(Duration newLease) {
            this.lease = requirePositive(newLease);
            return this;
        }

        /** For what the log says of itself, and of its checkpoints; the system's unless set. */
        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        private static Duration requirePositive(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A duration is positive, but this one is " + duration);
            }
            return duration;
        }

        /**
         * Opens the log, and creates or changes its tables as needed.
         *
         * @throws StoreUnavailable if the database does not answer, or refuses
         * @throws AuditUnavailable if the signer does not
         * @throws IllegalStateException if a migration was changed after it was applied, or the database cannot keep the
         *     promised durability
         */
        public AuditLog migrate() {
            return opened(database -> AuditTables.migrations(database).migrate());
        }

        /**
         * Opens the log, and only checks its tables: somebody else has made them, with {@link #script}.
         *
         * @throws StoreUnavailable if the database does not answer
         * @throws IllegalStateException as {@link #migrate}, and if something is missing
         */
        public AuditLog validate() {
            return opened(database -> AuditTables.migrations(database).validate());
        }

        /** What {@link #migrate} does in an empty database, as one script for somebody to apply by hand. */
        public String script() {
            try (Database database = Database.of(dataSource, schema, databaseTimeout)) {
                return AuditTables.migrations(database).script();
            }
        }

        private Database open() {
            return Database.opening(dataSource)
                    .schema(schema)
                    .timeout(databaseTimeout)
                    .durability(durability)
                    .overwritingWhatIsDeleted()
                    .pages(PAGE)
                    .open();
        }

        private AuditLog opened(java.util.function.Consumer<Database> prepare) {
            Database database = open();
            try {
                prepare.accept(database);
                AuditLog log = new AuditLog(this, database);
                log.start();
                return log;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        }
    }
}
