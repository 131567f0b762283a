package dev.mortise.security.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** First the log says which records are erased, then they are: a verifier takes nothing for erased that it does not. */
final class Erasure {
    private static final int AT_ONCE = 200;
    private static final int LOOKED_THROUGH = 20_000;

    private final AuditLog log;
    private final AuditTables tables;
    private final AuditReader reader;
    private final int lookedThrough;

    Erasure(AuditLog log, AuditTables tables, AuditReader reader) {
        this(log, tables, reader, LOOKED_THROUGH);
    }

    Erasure(AuditLog log, AuditTables tables, AuditReader reader, int lookedThrough) {
        this.log = log;
        this.tables = tables;
        this.reader = reader;
        this.lookedThrough = lookedThrough;
    }

    long erase(@Nullable String tenant, String subject, String reference) {
        String tenantKey = Row.key(tenant);
        String subjectKey = java.util.Objects.requireNonNull(Row.key(subject));
        long erased = 0;
        long before;
        do {
            // What is written meanwhile, to a stream that was looked through already, the next time finds.
            before = erased;
            erased += pass(tenantKey, subjectKey, reference);
        } while (erased > before);
        return erased;
    }

    /** Looks through everything, a bounded part at a time: however large the log is, no single look takes long. */
    private long pass(@Nullable String tenantKey, String subjectKey, String reference) {
        long erased = 0;
        AuditReader.Place at = AuditReader.Place.BEGIN;
        while (true) {
            AuditReader.Place end = reader.ahead(at, lookedThrough);
            List<ChainedRecord> found = reader.about(tenantKey, subjectKey, at, end);
            for (int from = 0; from < found.size(); from += AT_ONCE) {
                List<ChainedRecord> some = found.subList(from, Math.min(found.size(), from + AT_ONCE));
                log.own(Entry.Own.ERASED, Map.of("reference", RecordText.clean(reference), "records", ranges(some)));
                tables.erase(some);
                erased += some.size();
            }
            if (end == null) {
                return erased;
            }
            at = end;
        }
    }

    /** @param records in the order of their places */
    private static List<Map<String, Object>> ranges(List<ChainedRecord> records) {
        List<Map<String, Object>> ranges = new ArrayList<>();
        ChainedRecord first = records.getFirst();
        ChainedRecord last = first;
        for (ChainedRecord record : records) {
            if (!record.stream().equals(last.stream()) || record.sequence() > last.sequence() + 1) {
                ranges.add(range(first, last));
                first = record;
            }
            last = record;
        }
        ranges.add(range(first, last));
        return ranges;
    }

    private static Map<String, Object> range(ChainedRecord first, ChainedRecord last) {
        return Map.of("stream", first.stream(), "from", first.sequence(), "to", last.sequence());
    }
}
