package dev.mortise.security.audit;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done beside the writing, again and again: say that this replica lives, end the streams of those that do not,
 * have the ends of streams on record, sign checkpoints.
 */
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final int MOST_REFUSED = 10_000;

    private final AuditTables tables;
    private final AuditWriter writer;
    private final Duration timeout;
    private final Clock clock;
    private final Checkpoints checkpoints;
    private final Notices notices;
    private final Duration lease;
    private final Duration every;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final ReentrantLock signing = new ReentrantLock();
    private volatile boolean closing;

    /** Said already. Whoever can write to the database can make as many as they like. */
    private final Set<Head> refused = ConcurrentHashMap.newKeySet();

    Keeper(AuditTables tables, AuditWriter writer, Checkpoints checkpoints, Notices notices, AuditLog.Builder builder) {
        this.timeout = builder.timeout;
        this.clock = builder.clock;
        this.tables = tables;
        this.writer = writer;
        this.notices = notices;
        this.checkpoints = checkpoints;
        this.lease = builder.lease;
        this.every = builder.checkpointEvery;
        this.thread = Thread.ofVirtual().name("audit-keeper").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long pause = Math.min(every.toNanos(), lease.toNanos() / 4);
        long due = System.nanoTime() + every.toNanos();
        try {
            checkpoints.handOver();
            while (waited(pause)) {
                keep();
                if (System.nanoTime() - due >= 0) {
                    due = System.nanoTime() + every.toNanos();
                    checkpoint();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The keeper of the audit log was stopped");
        }
    }

    /** @return false to end */
    private boolean waited(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!closing && left > 0) {
                left = wake.awaitNanos(left);
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    /** One round, but for the checkpoint. */
    void keep() {
        try {
            renew();
            checkpoints.handOver();
            for (Head head : tables.seal(writer.head().stream(), lease)) {
                LOG.warn("The writer of the audit stream {} is gone; it ends with {}", head.stream(), head.sequence());
                notices.tell(new AuditNotice.Sealed(head.stream(), head.sequence()));
            }
            String after = "";
            for (List<Head> ended = tables.ended(after); !ended.isEmpty(); ended = tables.ended(after)) {
                after = ended.getLast().stream();
                recordEnds(ended);
            }
        } catch (StoreUnavailable | AuditUnavailable e) {
            LOG.debug("Looking after the audit log is left for later", e);
        } catch (RuntimeException e) {
            LOG.warn("Looking after the audit log failed; it is tried again", e);
        }
    }

    private void renew() {
        tables.renew(writer.head().stream());
    }

    private void recordEnds(List<Head> ended) {
        List<Head> signed = ended.stream()
                .filter(head -> isAsWritten(head) && checkpoints.sign(head, SignedCheckpoint.Purpose.END))
                .toList();
        if (!signed.isEmpty()) {
            signed(Entry.Own.ENDS, Map.of("streams", AuditWriter.ends(signed)));
            tables.witnessed(signed);
        }
    }

    /** What the row of a stream says is no reason to sign it. */
    private boolean isAsWritten(Head head) {
        if (refused.contains(head)) {
            return false;
        }
        AuditFinding finding =
                new SignedStream(tables, head.stream(), checkpoints.trusted(), this::renew).unlessEnd(head);
        if (finding == null) {
            return true;
        }
        LOG.error("A stream of the audit log is not as it was written, and its end is not signed: {}", finding);
        notices.tell(new AuditNotice.NotAsWritten(finding));
        if (refused.size() < MOST_REFUSED) {
            refused.add(head);
        }
        return false;
    }

    /**
     * Signs the head as it is, if that is news.
     *
     * @return whether all that is written is signed, kept and handed over
     */
    boolean checkpoint() {
        signing.lock();
        try {
            boolean handed = checkpoints.handOver();
            Head head = writer.head();
            return head.equals(checkpoints.covered()) ? handed : checkpoints.sign(head, SignedCheckpoint.Purpose.HEAD);
        } finally {
            signing.unlock();
        }
    }

    /** Takes down what the log does itself. */
    void own(String reason, Map<String, Object> facts) {
        Pending pending = new Pending(new Entry.Own(clock.instant(), reason, facts));
        try {
            if (!writer.offer(pending, timeout) || !pending.await(timeout)) {
                pending.withdraw();
                throw new AuditUnavailable("The audit log cannot be written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditUnavailable("Interrupted before the event was taken down", e);
        }
    }

    /** The same, and has it signed: a verifier believes of one stream's records about others only what is. */
    void signed(String reason, Map<String, Object> facts) {
        own(reason, facts);
        requireSigned();
    }

    void requireSigned() {
        if (!checkpoint()) {
            throw new AuditUnavailable("Nothing is erased or pruned without a signed checkpoint");
        }
    }

    /** Goes over to another key: the log says so, and each signs what it has seen. */
    void signWith(CheckpointSigner next) {
        String line = CheckpointKeys.line(next.publicKey());
        signing.lock();
        try {
            checkpoint();
            own(Entry.Own.KEY, Map.of("key", CheckpointKeys.id(next.publicKey()), "publicKey", line));
            checkpoints.signWith(next);
            checkpoint();
        } finally {
            signing.unlock();
        }
    }

    void close(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join(TimeUnit.NANOSECONDS.toMillis(limit.toNanos()));
        thread.interrupt();
    }
}
