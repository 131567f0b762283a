package dev.mortise.security.audit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One stream under verification. A record is recognized by its hash, also where it has been given another number: so what
 * was inserted, deleted or moved is found where it was, and what comes after it is not blamed. Not thread-safe.
 */
final class StreamCheck {
    /** How far a record is looked for from where it stands, and how often. */
    private static final int REACH = 1000;

    private static final int MOST_LOOKS = 1_000_000;

    private final String id;
    private final Consumer<AuditFinding> found;

    // What has to be so:
    private final TreeMap<Long, Set<String>> anchors = new TreeMap<>();
    private final TreeMap<Long, Long> erased = new TreeMap<>();
    private final Claims claims = new Claims();
    private boolean listed;
    private String state = "";
    private String writer = "";
    private long covered;
    private long retention;
    private long end = Long.MAX_VALUE;

    // What was seen, by the numbers that records were written with:
    private long records;
    private long first;
    private long last;
    private Set<String> lastHashes = Set.of(Hashes.NONE);
    private long shift;
    /** How many more there are than should be, up to here: the numbers of the others may only hide that. */
    private long displaced;

    private long goodUpTo;
    private boolean rewritten;
    private int looks;
    private final List<ChainedRecord> unknown = new ArrayList<>();
    private final TreeSet<Long> missing = new TreeSet<>();
    private final List<long[]> gaps = new ArrayList<>();

    StreamCheck(String id, Consumer<AuditFinding> found) {
        this.id = id;
        this.found = found;
    }

    void listed(StreamState is) {
        listed = true;
        state = is.state();
        writer = is.writer();
        anchor(is.head().sequence(), is.head().hash());
    }

    void signed(SignedCheckpoint checkpoint) {
        claims.signed(checkpoint);
        vouched(checkpoint.sequence(), checkpoint.hash());
        switch (checkpoint.purpose()) {
            case HEAD -> {}
            case END -> end = Math.min(end, checkpoint.sequence());
            case RETENTION -> retention = Math.max(retention, checkpoint.sequence());
        }
    }

    /** What its records say of others. */
    Claims claims() {
        return claims;
    }

    /** By a checkpoint, or by a record in another stream that is believed. */
    void vouched(long sequence, String hash) {
        covered = Math.max(covered, sequence);
        anchor(sequence, hash);
    }

    private void anchor(long sequence, String hash) {
        anchors.computeIfAbsent(sequence, at -> new HashSet<>()).add(hash);
    }

    void erased(long from, long to) {
        erased.merge(from, to, Math::max);
    }

    private boolean isErased(long sequence) {
        // Ranges may lie within others.
        return erased.headMap(sequence, true).descendingMap().values().stream()
                .limit(REACH)
                .anyMatch(to -> to >= sequence);
    }

    void begin() {
        anchors.remove(0L);
    }

    void record(ChainedRecord record) {
        records++;
        long number = recognized(record);
        checkPersonal(record, number < 0 ? record.sequence() : number);
        if (number < 0) {
            unknown.add(record);
            return;
        }
        if (first == 0) {
            first = number;
            if (number - 1 <= retention) {
                begin(number - 1);
            }
        }
        if (number <= last) {
            misplaced(record, number);
            return;
        }
        next(record, number);
        if (record.sequence() != number && record.sequence() != number + displaced) {
            at(AuditFinding.Kind.EDITED, number, "it has been given another number: " + record.sequence());
        }
    }

    /** After what was pruned. */
    private void begin(long after) {
        last = after;
        goodUpTo = after;
        Set<String> hashes = anchors.get(after);
        lastHashes = after == 0 ? Set.of(Hashes.NONE) : hashes == null ? Set.of() : hashes;
    }

    private void checkPersonal(ChainedRecord record, long number) {
        if (record.isErased() && record.salt() == null) {
            if (!isErased(number)) {
                at(AuditFinding.Kind.PERSONAL_MISSING, number, "the log does not say that it was erased");
            }
        } else if (!record.keepsCommitment() || (record.commitment().isEmpty() && record.personal() != null)) {
            at(AuditFinding.Kind.EDITED, number, "its personal part is another one");
        }
    }

    /** @return the number that it was written with; −1 if it was not written like this */
    private long recognized(ChainedRecord record) {
        long is = record.sequence();
        if (record.isOriginally(is)) {
            shift = 0;
            return is;
        }
        if (looks < MOST_LOOKS && record.isOriginally(is + shift)) {
            return is + shift;
        }
        for (int away = 1; away <= REACH && looks < MOST_LOOKS; away++) {
            looks += 2;
            for (long number : new long[] {is - away, is + away}) {
                if (number > 0 && record.isOriginally(number)) {
                    shift = number - is;
                    return number;
                }
            }
        }
        return -1;
    }

    private void misplaced(ChainedRecord record, long number) {
        flush(0);
        displaced++;
        if (missing.remove(number)) {
            at(AuditFinding.Kind.REORDERED, number, "it stands behind one that was written later");
        } else {
            at(AuditFinding.Kind.INSERTED, number, "there are two with this number");
            if (number == last) {
                // Which of them is the right one, the next one knows.
                lastHashes = new HashSet<>(lastHashes);
                lastHashes.add(record.hash());
            }
        }
    }

    private void next(ChainedRecord record, long number) {
        long lacking = number - last - 1;
        boolean adjacent = lacking == 0 && unknown.isEmpty();
        lacking -= flush(lacking);
        if (lacking > 0) {
            gap(number - lacking, number - 1);
        } else if (adjacent && !lastHashes.isEmpty() && !lastHashes.contains(record.previous())) {
            at(
                    AuditFinding.Kind.EDITED,
                    Math.max(1, last),
                    "the next record follows another one: it, or what is behind it, was written anew");
        }
        if (number > end) {
            at(AuditFinding.Kind.INSERTED, number, "the stream had ended with " + end);
        }
        anchored(record, number);
        last = number;
        lastHashes = Set.of(record.hash());
    }

    private void anchored(ChainedRecord record, long number) {
        Set<String> hashes = anchors.get(number);
        if (hashes == null || rewritten) {
            return;
        }
        if (hashes.size() == 1 && hashes.contains(record.hash())) {
            goodUpTo = number;
        } else {
            rewritten = true;
            found.accept(new AuditFinding(
                    AuditFinding.Kind.REWRITTEN,
                    id,
                    goodUpTo + 1,
                    number,
                    "it is not what was signed, or what another stream says; the change lies somewhere in between"));
        }
    }

    /**
     * Blames those that nobody recognizes, as many as there is room for, for being changed, and the others for being there.
     *
     * @return how many were taken for changed ones
     */
    private long flush(long room) {
        long edited = 0;
        for (ChainedRecord record : unknown) {
            if (edited < room) {
                edited++;
                at(AuditFinding.Kind.EDITED, last + edited, "its content is not what its hash was made of");
            } else {
                displaced++;
                at(AuditFinding.Kind.INSERTED, record.sequence(), "it was never written there");
            }
        }
        unknown.clear();
        return edited;
    }

    private void gap(long from, long to) {
        displaced -= to - from + 1;
        if (to - from < REACH) {
            for (long number = from; number <= to; number++) {
                missing.add(number);
            }
        } else {
            gaps.add(new long[] {from, to});
        }
    }

    void end() {
        if (!claims.isBegun() && (listed || records > 0)) {
            found.accept(new AuditFinding(
                    AuditFinding.Kind.UNSIGNED, id, 0, 0, "no key that is trusted has signed that it was begun"));
        }
        long expected = anchors.isEmpty() ? 0 : anchors.lastKey();
        if (records == 0) {
            last = retention;
        }
        last += flush(Math.max(0, expected - last));
        while (!missing.isEmpty()) {
            long from = missing.pollFirst();
            long to = from;
            while (missing.remove(to + 1)) {
                to++;
            }
            gaps.add(new long[] {from, to});
        }
        for (long[] gap : gaps) {
            found.accept(new AuditFinding(AuditFinding.Kind.DELETED, id, gap[0], gap[1], "missing"));
        }
        if (last < expected) {
            found.accept(new AuditFinding(AuditFinding.Kind.TRUNCATED, id, last + 1, expected, "missing at the end"));
        }
    }

    private void at(AuditFinding.Kind kind, long number, String message) {
        found.accept(AuditFinding.at(kind, id, number, message));
    }

    AuditReport.Stream report() {
        return new AuditReport.Stream(id, writer, state, first, last, records, Math.min(covered, last));
    }
}
