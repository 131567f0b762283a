package dev.mortise.security.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** First the log says it, then it is signed, then it is done: from the beginning, so that a break leaves no hole. */
final class Pruning {
    private static final int AT_ONCE = 1000;

    private final AuditLog log;
    private final AuditTables tables;
    private final AuditReader reader;
    private final Keeper keeper;

    Pruning(AuditLog log, AuditTables tables, AuditReader reader, Keeper keeper) {
        this.log = log;
        this.tables = tables;
        this.reader = reader;
        this.keeper = keeper;
    }

    long prune(Instant before) {
        List<Head> old = reader.olderThan(before);
        long pruned = 0;
        for (Head head : old) {
            log.own(
                    Entry.Own.PRUNED,
                    Map.of("before", RecordText.time(before), "streams", AuditWriter.ends(List.of(head))));
            if (!keeper.sign(head, SignedCheckpoint.Purpose.RETENTION)) {
                throw new AuditUnavailable("Nothing is pruned without a signed checkpoint");
            }
            int some;
            do {
                some = tables.prune(head, AT_ONCE);
                pruned += some;
            } while (some == AT_ONCE);
            tables.forgetCheckpoints(head);
        }
        return pruned;
    }
}
