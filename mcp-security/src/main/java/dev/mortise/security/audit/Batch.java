package dev.mortise.security.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * Records that go in together, or not at all: always the same bytes, so that trying again does no harm.
 *
 * @param before what they follow
 */
record Batch(Head before, List<ChainedRecord> records, List<Row> rows) {

    static Batch chain(Head before, List<? extends Entry> entries, Salts salts) {
        List<ChainedRecord> records = new ArrayList<>(entries.size());
        List<Row> rows = new ArrayList<>(entries.size());
        long sequence = before.sequence();
        String previous = before.hash();
        for (Entry entry : entries) {
            sequence++;
            ChainedRecord record = switch (entry) {
                case Entry.Event(AuditEvent event) ->
                    ChainedRecord.after(
                            before.stream(),
                            sequence,
                            previous,
                            entry.body(),
                            salts.next(),
                            RecordText.personal(event));
                case Entry.Own own -> ChainedRecord.after(before.stream(), sequence, previous, own.body(), null, null);
            };
            records.add(record);
            rows.add(entry.row());
            previous = record.hash();
        }
        return new Batch(before, List.copyOf(records), List.copyOf(rows));
    }

    Head after() {
        ChainedRecord last = records.getLast();
        return new Head(last.stream(), last.sequence(), last.hash());
    }

    /** Makes what nobody can guess: without it a personal part that was erased could be found by trying. */
    @FunctionalInterface
    interface Salts {
        byte[] next();
    }
}
