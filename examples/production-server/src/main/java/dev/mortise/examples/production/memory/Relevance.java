package dev.mortise.examples.production.memory;

import java.util.ArrayList;
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
        record Sharing(Memory memory, Set<String> words) {}
        Map<String, Integer> frequency = new HashMap<>();
        List<Sharing> sharing = new ArrayList<>();
        for (Memory memory : memories) {
            Set<String> words = Words.of(memory.text());
            words.retainAll(asked);
            if (!words.isEmpty()) {
                words.forEach(word -> frequency.merge(word, 1, Integer::sum));
                sharing.add(new Sharing(memory, words));
            }
        }
        record Scored(Memory memory, double score) {}
        return sharing.stream()
                .map(each -> new Scored(
                        each.memory(),
                        each.words().stream()
                                .mapToDouble(word ->
                                        Math.log(1.0 + (double) memories.size() / frequency.getOrDefault(word, 1)))
                                .sum()))
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .limit(limit)
                .map(Scored::memory)
                .toList();
    }
}
