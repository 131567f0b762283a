package dev.mortise.security.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A block without the personal part of some of its records; the others stay byte for byte as they were. */
record Erased(Block block, int records) {
    static Erased of(Block block, Set<Long> numbers) {
        List<Line> kept = new ArrayList<>();
        long number = block.first();
        int erased = 0;
        for (Line line : block.records()) {
            Line without = numbers.contains(number) ? without(line) : line;
            erased += without == line ? 0 : 1;
            kept.add(without);
            number++;
        }
        return new Erased(Block.of(block.stream(), block.first(), kept), erased);
    }

    private static Line without(Line line) {
        try {
            ChainedRecord record = line.record();
            return record.personal() == null
                    ? line
                    : Line.of(record.withoutPerson(), line.keys().withoutPerson());
        } catch (IllegalArgumentException e) {
            // No record any more: for the verifier to find, and not for us to hide.
            return line;
        }
    }
}
