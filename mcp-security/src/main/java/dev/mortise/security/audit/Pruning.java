package dev.mortise.security.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First the log says it, then it is signed, then it is done: from the beginning, so that a break leaves no hole. What is
 * signed is that records may be missing; so before that they are looked at, and a stream that is not as it was written
 * stays as it is.
 */
final class Pruning {
    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

    /** Blocks. SQLite overwrites what is deleted, and whoever records waits meanwhile. */
    private static final int AT_ONCE = 50;

    private final Keeper keeper;
    private final AuditTables tables;
    private final Checkpoints checkpoints;
    private final Notices notices;

    Pruning(Keeper keeper, AuditTables tables, Checkpoints checkpoints, Notices notices) {
        this.keeper = keeper;
        this.tables = tables;
        this.checkpoints = checkpoints;
        this.notices = notices;
    }

    long prune(Instant before) {
        // What is not covered by a checkpoint is not pruned, and the own stream may be old, too.
        keeper.requireSigned();
        long pruned = 0;
        for (String stream : tables.blocks().streams()) {
            Head head = older(stream, before);
            if (head == null) {
                continue;
            }
            keeper.own(
                    Entry.Own.PRUNED,
                    Map.of("before", RecordText.time(before), "streams", AuditWriter.ends(List.of(head))));
            if (!checkpoints.sign(head, SignedCheckpoint.Purpose.RETENTION)) {
                throw new AuditUnavailable("Nothing is pruned without a signed checkpoint");
            }
            long some;
            do {
                some = tables.prune(head, AT_ONCE);
                pruned += some;
            } while (some > 0);
            tables.checkpoints().forget(head);
        }
        return pruned;
    }

    /** @return the last record of the beginning of a stream that is all older; {@code null} for nothing to prune */
    private @Nullable Head older(String stream, Instant before) {
        long first = tables.blocks().first(stream);
        SignedStream.Old old = new SignedStream(tables, stream, checkpoints.trusted(), () -> {}).olderThan(before);
        AuditFinding finding = old.finding();
        // Another process may prune the same stream meanwhile, which moves its beginning.
        if (finding != null && tables.blocks().first(stream) == first) {
            LOG.error("A stream of the audit log is not as it was written, and is not pruned: {}", finding);
            notices.tell(new AuditNotice.NotAsWritten(finding));
        }
        return old.upTo();
    }
}
