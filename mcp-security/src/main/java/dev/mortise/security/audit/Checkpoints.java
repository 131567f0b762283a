package dev.mortise.security.audit;

import java.security.PublicKey;
import java.time.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs checkpoints, keeps them in the log and hands them to the witness. Thread-safe. */
final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final CheckpointTable table;
    private final CheckpointWitness witness;
    private final Notices notices;
    private final Clock clock;

    // Each is held for one call of the host's, and nothing else is waited for meanwhile.
    private final ReentrantLock asking = new ReentrantLock();
    private final ReentrantLock handing = new ReentrantLock();

    private volatile CheckpointSigner signer;
    private volatile CheckpointKeys trusted;
    /** Of streams that were begun: not handed over by those who have to write. */
    private final Queue<SignedCheckpoint> openings = new ConcurrentLinkedQueue<>();

    private volatile Head covered = new Head("", 0, "");

    Checkpoints(CheckpointTable table, Notices notices, AuditLog.Builder builder) {
        this.table = table;
        this.notices = notices;
        this.signer = builder.signer;
        this.trusted = builder.trusted.and(builder.signer.publicKey());
        this.witness = builder.witness;
        this.clock = builder.clock;
    }

    /** Whose signatures count before something is signed that relies on them. */
    CheckpointKeys trusted() {
        return trusted;
    }

    /** The last one of this process. */
    Head covered() {
        return covered;
    }

    /**
     * What shows that a stream was begun by somebody who has the key.
     *
     * @throws AuditUnavailable if it is not signed: then the stream is not begun either
     */
    SignedCheckpoint opening(Head first) {
        try {
            return signed(first, SignedCheckpoint.Purpose.HEAD);
        } catch (Exception e) {
            throw new AuditUnavailable("No audit stream is begun without a signature", e);
        }
    }

    /** It is in the log. The witness gets it before the next one. */
    void opened(SignedCheckpoint opening) {
        covered = opening.head();
        openings.add(opening);
    }

    /** @return whether it is signed, kept and handed over */
    boolean sign(Head head, SignedCheckpoint.Purpose purpose) {
        try {
            SignedCheckpoint checkpoint = signed(head, purpose);
            table.keep(checkpoint);
            handing.lock();
            try {
                handOverOpenings();
                witness.keep(checkpoint);
            } finally {
                handing.unlock();
            }
        } catch (Exception e) {
            failed(e);
            return false;
        }
        if (purpose == SignedCheckpoint.Purpose.HEAD) {
            covered = head;
        }
        return true;
    }

    /** Hands over what was signed when a stream was begun. */
    boolean handOver() {
        handing.lock();
        try {
            handOverOpenings();
            return true;
        } catch (Exception e) {
            failed(e);
            return false;
        } finally {
            handing.unlock();
        }
    }

    private void handOverOpenings() throws Exception {
        for (SignedCheckpoint next = openings.peek(); next != null; next = openings.peek()) {
            witness.keep(next);
            openings.remove();
        }
    }

    private SignedCheckpoint signed(Head head, SignedCheckpoint.Purpose purpose) throws Exception {
        asking.lock();
        try {
            return SignedCheckpoint.sign(head, purpose, clock.instant(), signer);
        } finally {
            asking.unlock();
        }
    }

    private void failed(Exception e) {
        LOG.warn("A checkpoint of the audit log was not made; the next will cover more", e);
        notices.tell(new AuditNotice.CheckpointFailed(e.getClass().getSimpleName()));
    }

    void signWith(CheckpointSigner next) {
        PublicKey key = next.publicKey();
        trusted = trusted.and(key);
        signer = next;
    }
}
