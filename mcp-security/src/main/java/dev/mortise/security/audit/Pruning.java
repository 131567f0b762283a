package dev.mortise.security.audit;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** First the log says it, then it is signed, then it is done: from the beginning, so that a break leaves no hole. */
final class Pruning {
    /** Blocks. SQLite overwrites what is deleted, and whoever records waits meanwhile. */
    private static final int AT_ONCE = 50;

    private final AuditLog log;
    private final AuditTables tables;
    private final Keeper keeper;

    Pruning(AuditLog log, AuditTables tables, Keeper keeper) {
        this.log = log;
        this.tables = tables;
        this.keeper = keeper;
    }

    long prune(Instant before) {
        long pruned = 0;
        for (Block boundary : tables.blocks().boundaries(before)) {
            Head head = older(boundary, before.toEpochMilli());
            if (head == null) {
                continue;
            }
            log.own(
                    Entry.Own.PRUNED,
                    Map.of("before", RecordText.time(before), "streams", AuditWriter.ends(List.of(head))));
            if (!keeper.sign(head, SignedCheckpoint.Purpose.RETENTION)) {
                throw new AuditUnavailable("Nothing is pruned without a signed checkpoint");
            }
            long some;
            do {
                some = tables.prune(head, AT_ONCE);
                pruned += some;
            } while (some > 0);
            tables.forgetCheckpoints(head);
        }
        return pruned;
    }

    /**
     * The last record of the beginning of a stream that is all older.
     *
     * @param boundary the first block that is not all older, or the last one
     * @return {@code null} if there is none
     */
    private @Nullable Head older(Block boundary, long before) {
        List<Line> lines = boundary.records();
        int keep = 0;
        while (keep < lines.size() && lines.get(keep).keys().at() < before) {
            keep++;
        }
        try {
            if (keep > 0) {
                ChainedRecord last = lines.get(keep - 1).record();
                return new Head(boundary.stream(), last.sequence(), last.hash());
            }
            if (lines.isEmpty() || !tables.blocks().beginsBefore(boundary.stream(), boundary.first())) {
                return null;
            }
            return new Head(
                    boundary.stream(),
                    boundary.first() - 1,
                    lines.getFirst().record().previous());
        } catch (IllegalArgumentException e) {
            throw new StoreUnavailable(
                    "The audit stream " + boundary.stream() + " is not as it was written: verify the log", e);
        }
    }
}
