package dev.mortise.security.audit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stream, and what is signed about it: asked before the log itself signs that it ended, or that its beginning may be
 * deleted. Whoever can write to the database can write what rows and columns say; so it goes by the records, as far as
 * their chain leads to a signature. Not thread-safe.
 */
final class SignedStream {
    private final AuditBlocks reads;
    private final String id;
    private final Runnable eachRead;
    private final TreeMap<Long, String> signed = new TreeMap<>();
    private boolean begun;
    private Head pruned;

    /** @param eachRead is run whenever a part of it was read: all of it may take a while */
    SignedStream(AuditTables tables, String id, CheckpointKeys keys, Runnable eachRead) {
        this.reads = tables.blocks();
        this.id = id;
        this.eachRead = eachRead;
        this.pruned = new Head(id, 0, Hashes.NONE);
        for (SignedCheckpoint checkpoint : tables.checkpoints().of(id, keys)) {
            // Two hashes for one number: then no record has the right one.
            signed.merge(
                    checkpoint.sequence(), checkpoint.hash(), (one, other) -> one.equals(other) ? one : Hashes.NONE);
            begun |= checkpoint.purpose() == SignedCheckpoint.Purpose.HEAD;
            if (checkpoint.purpose() == SignedCheckpoint.Purpose.RETENTION
                    && checkpoint.sequence() > pruned.sequence()) {
                pruned = checkpoint.head();
            }
        }
    }

    private AuditFinding unsigned() {
        return new AuditFinding(
                AuditFinding.Kind.UNSIGNED, id, 0, 0, "no key that this log trusts has signed that it was begun");
    }

    /**
     * Whether it is a stream that somebody began who has a key, and this is its last record. What is before the last
     * checkpoint is not read: the hash in that stands for it.
     *
     * @return what disagrees; {@code null} if nothing does
     */
    @Nullable
    AuditFinding unlessEnd(Head head) {
        Map.Entry<Long, String> last = signed.lastEntry();
        if (!begun || last == null) {
            return unsigned();
        }
        Head from = new Head(id, last.getKey(), last.getValue());
        if (from.sequence() > head.sequence()) {
            return missing(head.sequence() + 1, from.sequence());
        }
        StoredChain chain = new StoredChain(reads, from, reads.holding(id, from.sequence()), signed, eachRead);
        // Unless there is any record left, all of it was pruned.
        Head end = from;
        for (Head at = chain.next(); at != null; at = chain.next()) {
            end = at;
            if (end.sequence() > head.sequence()) {
                return AuditFinding.at(AuditFinding.Kind.INSERTED, id, end.sequence(), "the stream had ended before");
            }
        }
        if (chain.finding() != null || end.equals(head)) {
            return chain.finding();
        }
        return end.sequence() < head.sequence()
                ? missing(end.sequence() + 1, head.sequence())
                : AuditFinding.at(AuditFinding.Kind.REWRITTEN, id, end.sequence(), "it is not the end of the stream");
    }

    private AuditFinding missing(long from, long to) {
        return new AuditFinding(AuditFinding.Kind.TRUNCATED, id, from, to, "missing at the end");
    }

    /**
     * What there is to prune.
     *
     * @param upTo the last record of the beginning of the stream that is all older; {@code null} if there is none
     * @param finding what disagrees, and then there is nothing to prune
     */
    record Old(@Nullable Head upTo, @Nullable AuditFinding finding) {}

    /**
     * Looks for the beginning that is all older, by what the records say themselves. What no checkpoint covers yet is not
     * in it: nothing shows whether it is what was written.
     */
    Old olderThan(Instant before) {
        long limit = before.toEpochMilli();
        Head old = null;
        Head sure = null;
        boolean ends = false;
        StoredChain chain = new StoredChain(reads, pruned, 0, signed, eachRead);
        for (Head at = chain.next(); at != null; at = chain.next()) {
            ends |= chain.time().toEpochMilli() >= limit;
            old = ends ? old : at;
            if (old == null) {
                return new Old(null, null);
            }
            if (!begun) {
                return new Old(null, unsigned());
            }
            if (signed.containsKey(at.sequence())) {
                sure = old;
                if (ends || at.sequence() >= signed.lastKey()) {
                    break;
                }
            }
        }
        return chain.finding() == null ? new Old(sure, null) : new Old(null, chain.finding());
    }
}
