package dev.mortise.examples.production.memory;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of a user's few memories a question is about: by the words that they share, the rarer the better. Words of
 * Chinese and the like, which has no spaces, are taken as pairs of characters.
 */
final class Relevance {
    private Relevance() {}

    /** Those that share a word with the question, the best first. */
    static List<Memory> best(List<Memory> memories, String question, int limit) {
        Set<String> asked = Words.of(question);
        Map<String, Integer> frequency = new HashMap<>();
        for (Memory memory : memories) {
            Words.of(memory.text()).forEach(word -> frequency.merge(word, 1, Integer::sum));
        }
        record Scored(Memory memory, double score) {}
        return memories.stream()
                .map(memory -> {
                    double score = Words.of(memory.text()).stream()
                            .filter(asked::contains)
                            .mapToDouble(
                                    word -> Math.log(1.0 + (double) memories.size() / frequency.getOrDefault(word, 1)))
                            .sum();
                    return new Scored(memory, score);
                })
                .filter(scored -> scored.score() > 0)
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .limit(limit)
                .map(Scored::memory)
                .toList();
    }
}
