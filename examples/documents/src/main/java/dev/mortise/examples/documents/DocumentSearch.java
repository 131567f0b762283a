package dev.mortise.examples.documents;

import dev.mortise.examples.documents.SearchDocuments.Hit;
import dev.mortise.examples.documents.SearchDocuments.Results;
import dev.mortise.examples.documents.Words.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ranks documents by BM25: a word counts the more, the rarer it is among the documents, the more often it occurs in
 * one, and the shorter that one is. Reads every document for every search, which suits hundreds of them; for more
 * there are indexes. Thread-safe.
 */
final class DocumentSearch {
    private static final double SATURATION = 1.2;
    private static final double LENGTH_WEIGHT = 0.75;

    /** A word in the title or the name says more than one in the text. */
    private static final int TITLE_WEIGHT = 5;

    private final DocumentFolder folder;

    DocumentSearch(DocumentFolder folder) {
        this.folder = folder;
    }

    /** @param length in words */
    private record Candidate(DocumentName name, String title, int length, Map<String, Integer> counts) {}

    private record Ranked(Candidate candidate, double score) {}

    Results find(String query, int limit) throws IOException {
        Set<String> asked = Words.asked(query);
        List<Candidate> candidates = new ArrayList<>();
        long words = 0;
        int documents = 0;
        for (Document document : folder.documents()) {
            Optional<String> text = folder.text(document.name());
            if (text.isPresent()) {
                Candidate candidate = count(document.name(), text.get(), asked);
                words += candidate.length();
                documents++;
                if (!candidate.counts().isEmpty()) {
                    candidates.add(candidate);
                }
            }
        }
        Map<String, Double> weights = weights(asked, candidates, documents);
        double averageLength = (double) words / Math.max(1, documents);
        List<Ranked> best = candidates.stream()
                .map(candidate -> new Ranked(candidate, score(candidate, weights, averageLength)))
                .sorted(Comparator.comparingDouble(Ranked::score)
                        .reversed()
                        .thenComparing(ranked -> ranked.candidate().name().value()))
                .limit(limit)
                .toList();
        List<Hit> hits = new ArrayList<>();
        for (Ranked ranked : best) {
            hits.add(hit(ranked, weights));
        }
        return new Results(candidates.size(), hits);
    }

    private static Candidate count(DocumentName name, String text, Set<String> asked) {
        String title = Headings.title(name, text);
        Map<String, Integer> counts = new HashMap<>();
        List<Word> words = Words.in(text);
        add(words, 1, asked, counts);
        add(Words.in(title + " " + name.value()), TITLE_WEIGHT, asked, counts);
        return new Candidate(name, title, words.size(), counts);
    }

    private static void add(List<Word> words, int weight, Set<String> asked, Map<String, Integer> counts) {
        for (Word word : words) {
            if (asked.contains(word.text())) {
                counts.merge(word.text(), weight, Integer::sum);
            }
        }
    }

    private static Map<String, Double> weights(Set<String> asked, List<Candidate> candidates, int documents) {
        Map<String, Double> weights = new HashMap<>();
        for (String word : asked) {
            long having = candidates.stream()
                    .filter(candidate -> candidate.counts().containsKey(word))
                    .count();
            weights.put(word, Math.log(1 + (documents - having + 0.5) / (having + 0.5)));
        }
        return weights;
    }

    private static double score(Candidate candidate, Map<String, Double> weights, double averageLength) {
        double length = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * candidate.length() / Math.max(1, averageLength);
        double score = 0;
        for (Map.Entry<String, Integer> count : candidate.counts().entrySet()) {
            double often = count.getValue() * (SATURATION + 1) / (count.getValue() + SATURATION * length);
            score += weights.getOrDefault(count.getKey(), 0.0) * often;
        }
        return score;
    }

    private Hit hit(Ranked ranked, Map<String, Double> weights) throws IOException {
        DocumentName name = ranked.candidate().name();
        String snippet =
                folder.text(name).map(text -> Snippet.of(text, weights)).orElse("");
        double score = Math.round(ranked.score() * 100) / 100.0;
        return new Hit(name.value(), name.uri(), ranked.candidate().title(), snippet, score);
    }
}
