package dev.mortise.security.audit;

import java.util.HexFormat;
import java.util.List;

/**
 * Records that go in together, or not at all: always the same bytes, so that trying again does no harm.
 *
 * @param before what they follow
 */
record Batch(Head before, List<Link> links) {
    Head after() {
        Link last = links.getLast();
        return new Head(before.stream(), last.sequence, HexFormat.of().formatHex(last.hash));
    }

    List<ChainedRecord> records() {
        return links.stream().map(link -> link.record(before.stream())).toList();
    }
}
