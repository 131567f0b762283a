package dev.mortise.security.audit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Records that go in together, or not at all: always the same bytes, so that trying again does no harm.
 *
 * @param before what they follow
 * @param after the last of them
 */
record Batch(Head before, Head after, List<Block> blocks) {
    /** The records as an export has them. */
    List<String> lines() {
        return blocks.stream()
                .flatMap(block -> new String(block.lines(), StandardCharsets.UTF_8).lines())
                .toList();
    }
}
