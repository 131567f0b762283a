package dev.mortise.security.audit;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private final AuditTables tables;
    private final AuditWriter writer;
    private final AuditLog log;
    private final CheckpointWitness witness;
    private final Notices notices;
    private final Clock clock;
    private final Duration lease;
    private final Duration every;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final ReentrantLock signing = new ReentrantLock();
    private volatile boolean closing;

    // Under the lock of signing:
    private CheckpointSigner signer;
    private Head covered = new Head("", 0, "");

    Keeper(AuditLog log, AuditTables tables, AuditWriter writer, Notices notices, AuditLog.Builder builder) {
        this.log = log;
        this.tables = tables;
        this.writer = writer;
        this.notices = notices;
        this.signer = builder.signer;
        this.witness = builder.witness;
        this.clock = builder.clock;
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
            tables.renew(writer.head().stream());
            for (Head head : tables.seal(writer.head().stream(), lease)) {
                LOG.warn("The writer of the audit stream {} is gone; it ends with {}", head.stream(), head.sequence());
                notices.tell(new AuditNotice.Sealed(head.stream(), head.sequence()));
            }
            List<Head> ended = tables.ended();
            if (!ended.isEmpty()) {
                ended.forEach(head -> sign(head, SignedCheckpoint.Purpose.END));
                log.own(Entry.Own.ENDS, Map.of("streams", AuditWriter.ends(ended)));
                tables.witnessed(ended);
            }
        } catch (StoreUnavailable | AuditUnavailable e) {
            LOG.debug("Looking after the audit log is left for later", e);
        } catch (RuntimeException e) {
            LOG.warn("Looking after the audit log failed; it is tried again", e);
        }
    }

    /** Signs the head as it is, if that is news. */
    void checkpoint() {
        signing.lock();
        try {
            Head head = writer.head();
            if (!head.equals(covered) && sign(head, SignedCheckpoint.Purpose.HEAD)) {
                covered = head;
            }
        } finally {
            signing.unlock();
        }
    }

    /** @return whether it is signed, kept and handed over */
    boolean sign(Head head, SignedCheckpoint.Purpose purpose) {
        signing.lock();
        try {
            SignedCheckpoint checkpoint = SignedCheckpoint.sign(head, purpose, clock.instant(), signer);
            tables.keep(checkpoint);
            witness.keep(checkpoint);
            return true;
        } catch (Exception e) {
            LOG.warn("A checkpoint of the audit log was not made; the next will cover more", e);
            notices.tell(new AuditNotice.CheckpointFailed(e.getClass().getSimpleName()));
            return false;
        } finally {
            signing.unlock();
        }
    }

    /** Goes over to another key: the log says so, and each signs what it has seen. */
    void signWith(CheckpointSigner next) {
        String line = CheckpointKeys.line(next.publicKey());
        signing.lock();
        try {
            checkpoint();
            log.own(Entry.Own.KEY, Map.of("key", CheckpointKeys.id(next.publicKey()), "publicKey", line));
            signer = next;
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
