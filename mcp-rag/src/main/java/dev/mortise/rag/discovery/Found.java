package dev.mortise.rag.discovery;

import java.util.List;

/**
 * What a finder answers.
 *
 * @param matches the best first
 * @param considered among how many
 * @param truncated whether there were more than are looked through
 */
record Found<T>(List<Match<T>> matches, int considered, boolean truncated) {
    /**
     * @param score comparable within one answer only
     * @param why the strongest reasons, in words
     */
    record Match<T>(T entry, double score, List<String> why) {}
}
