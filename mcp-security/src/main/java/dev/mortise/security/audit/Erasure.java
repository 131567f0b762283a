package dev.mortise.security.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * First the log says which records are erased, and this is signed; then they are. A verifier takes nothing else for erased.
 */
final class Erasure {
    private static final int RECORDS = 200;
    private static final int BLOCKS = 32;
    private static final int LOOKED_THROUGH = 2_000;

    private final Keeper keeper;
    private final AuditTables tables;
    private final int lookedThrough;

    Erasure(Keeper keeper, AuditTables tables) {
        this(keeper, tables, LOOKED_THROUGH);
    }

    /** @param lookedThrough how many blocks at once */
    Erasure(Keeper keeper, AuditTables tables, int lookedThrough) {
        this.keeper = keeper;
        this.tables = tables;
        this.lookedThrough = lookedThrough;
    }

    long erase(@Nullable String tenant, String subject, String reference) {
        Person person = new Person(tenant == null ? null : RecordText.clean(tenant), RecordText.clean(subject));
        long erased = 0;
        long before;
        do {
            // What is written meanwhile, to a stream that was looked through already, the next time finds.
            before = erased;
            erased += pass(person, reference);
        } while (erased > before);
        return erased;
    }

    private record Person(@Nullable String tenant, String subject) {
        Keys asSubject() {
            return new Keys(0, 0, 0, Keys.of(tenant), Keys.of(subject), 0);
        }

        Keys asTarget() {
            return new Keys(0, 0, 0, Keys.of(tenant), 0, Keys.of(subject));
        }

        boolean mayBe(Keys keys) {
            return keys.fits(asSubject()) || keys.fits(asTarget());
        }

        boolean is(JsonNode line) {
            JsonNode personal = line.path("personal");
            return (tenant == null
                            || tenant.equals(ExportLine.text(line.path("record").path("body"), "tenant")))
                    && (subject.equals(ExportLine.text(personal, "subject"))
                            || subject.equals(ExportLine.text(personal, "target")));
        }
    }

    /** Looks through everything, a bounded part at a time: however large the log is, no single look takes long. */
    private long pass(Person person, String reference) {
        long erased = 0;
        AuditBlocks.Place at = AuditBlocks.Place.BEGIN;
        while (true) {
            AuditBlocks.Place end = tables.blocks().ahead(at, lookedThrough).orElse(null);
            erased += part(person, reference, at, end);
            if (end == null) {
                return erased;
            }
            at = end;
        }
    }

    private long part(Person person, String reference, AuditBlocks.Place after, AuditBlocks.@Nullable Place end) {
        long erased = 0;
        AuditBlocks.Place at = after;
        List<FoundBlock> blocks;
        do {
            blocks = tables.blocks().about(person.asSubject(), person.asTarget(), at, end, BLOCKS);
            SortedMap<String, SortedSet<Long>> found = new TreeMap<>();
            int records = 0;
            for (FoundBlock block : blocks) {
                at = new AuditBlocks.Place(block.stream(), block.first());
                List<Long> numbers = numbers(person, block);
                if (!numbers.isEmpty()) {
                    found.computeIfAbsent(block.stream(), stream -> new TreeSet<>())
                            .addAll(numbers);
                    records += numbers.size();
                }
                if (records >= RECORDS) {
                    erased += erase(found, reference);
                    found.clear();
                    records = 0;
                }
            }
            erased += erase(found, reference);
        } while (blocks.size() == BLOCKS);
        return erased;
    }

    private List<Long> numbers(Person person, FoundBlock block) {
        List<Long> numbers = new ArrayList<>();
        if (!block.mayHave(person::mayBe)) {
            return numbers;
        }
        List<Line> lines = block.records(tables);
        if (lines == null) {
            return numbers;
        }
        long number = block.first();
        for (Line line : lines) {
            if (person.mayBe(line.keys()) && person.is(line.jsonOrMissing())) {
                numbers.add(number);
            }
            number++;
        }
        return numbers;
    }

    /** @param found numbers of records by stream */
    private long erase(SortedMap<String, SortedSet<Long>> found, String reference) {
        if (found.isEmpty()) {
            return 0;
        }
        List<Map<String, Object>> ranges = new ArrayList<>();
        found.forEach((stream, numbers) -> ranges(stream, numbers, ranges));
        keeper.signed(Entry.Own.ERASED, Map.of("reference", RecordText.clean(reference), "records", ranges));
        long erased = 0;
        for (Map.Entry<String, SortedSet<Long>> each : found.entrySet()) {
            erased += tables.erase(each.getKey(), each.getValue());
        }
        return erased;
    }

    private static void ranges(String stream, SortedSet<Long> numbers, List<Map<String, Object>> ranges) {
        long from = numbers.getFirst();
        long to = from;
        for (long number : numbers) {
            if (number > to + 1) {
                ranges.add(Map.of("stream", stream, "from", from, "to", to));
                from = number;
            }
            to = number;
        }
        ranges.add(Map.of("stream", stream, "from", from, "to", to));
    }
}
