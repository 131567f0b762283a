package dev.mortise.examples.production.text;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.json.Description;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sentences of a text that say most of what it says, word for word and in their order: those with the words that
 * come again and again, the first ones a little before the others, and none that says what another has said.
 */
record Summary(
        List<Quote> sentences,

        @Description("How many sentences the whole text has")
        int of) {
    /** Word for word. */
    record Quote(
            @Description("Which sentence of the text it is, from 1")
            int number,

            String text) {}

    private static final int MOST_SENTENCES = 5_000;
    private static final double REPEATED = 0.6;

    private record Candidate(int index, String text, Set<String> words, double score) {}

    static Summary of(String text, int most) throws CannotAnswer {
        List<String> sentences = Sentences.of(text);
        if (sentences.size() > MOST_SENTENCES) {
            throw new CannotAnswer(ToolText.TOO_MANY_SENTENCES, sentences.size());
        }
        List<Set<String>> words = sentences.stream().map(Terms::of).toList();
        Map<String, Integer> frequency = new HashMap<>();
        words.forEach(set -> set.forEach(word -> frequency.merge(word, 1, Integer::sum)));
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            candidates.add(new Candidate(i, sentences.get(i), words.get(i), score(words.get(i), frequency, i)));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
        List<Candidate> chosen = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (chosen.size() < most && chosen.stream().noneMatch(other -> repeats(candidate, other))) {
                chosen.add(candidate);
            }
        }
        chosen.sort(Comparator.comparingInt(Candidate::index));
        return new Summary(
                chosen.stream()
                        .map(candidate -> new Quote(candidate.index() + 1, candidate.text()))
                        .toList(),
                sentences.size());
    }

    /** Words that come once say what a text mentions, and not what it is about. */
    private static double score(Set<String> words, Map<String, Integer> frequency, int index) {
        double sum = words.stream()
                .mapToInt(word -> frequency.getOrDefault(word, 0))
                .filter(count -> count > 1)
                .mapToDouble(Math::log1p)
                .sum();
        double first = index == 0 ? 1.5 : index < 3 ? 1.15 : 1;
        return first * (sum + 0.01) / Math.sqrt(words.size() + 4.0);
    }

    private static boolean repeats(Candidate one, Candidate other) {
        Set<String> shared = new HashSet<>(one.words());
        shared.retainAll(other.words());
        return shared.size()
                > REPEATED
                        * Math.max(1, Math.min(one.words().size(), other.words().size()));
    }
}
