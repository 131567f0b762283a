package dev.mortise.rag.store.postgres;

import dev.mortise.rag.analysis.StopWords;
import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.analysis.Token;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a query's text looks for: terms, each with a weight of how much it tells. How rare a term is counts within the
 * tenant, so that nobody's results tell of another's documents.
 */
final class QueryTerms {
    /** More of them make a query slow and not better: those that tell the most stay. */
    private static final int MOST = 96;

    /**
     * Places in chunks that one query goes through, of all its terms together. Beyond that the commonest terms are left
     * out, which tell the least.
     */
    private static final long MOST_PLACES = 150_000;

    /** Question words say little, but a query of nothing else should find something. */
    private static final float STOP_WORD = 0.05f;

    private QueryTerms() {}

    /** @param chunks how many the tenant has */
    static Map<String, Float> of(Vocabulary vocabulary, String text, long chunks) throws SQLException {
        List<Token> tokens = TextAnalyzer.tokens(text);
        Map<String, Long> frequencies =
                vocabulary.frequencies(tokens.stream().map(Token::term).collect(Collectors.toSet()));
        Map<String, Float> shares = new LinkedHashMap<>();
        Spelling spelling = new Spelling(vocabulary);
        Set<String> guessed = new HashSet<>();
        for (Token token : tokens) {
            String word = text.substring(token.start(), token.end()).toLowerCase(Locale.ROOT);
            float share = share(token.form()) * (StopWords.contains(word) ? STOP_WORD : 1);
            if (frequencies.containsKey(token.term())) {
                shares.merge(token.term(), share, Math::max);
            } else if (token.form() == Token.Form.STEM && share == 1) {
                spelling.alike(word).forEach((term, closeness) -> {
                    shares.merge(term, closeness, Math::max);
                    guessed.add(term);
                });
            }
        }
        guessed.removeAll(frequencies.keySet());
        frequencies.putAll(vocabulary.frequencies(guessed));
        List<Weighed> weighed = new ArrayList<>();
        shares.forEach((term, share) -> {
            long frequency = frequencies.getOrDefault(term, 0L);
            double rarity = Math.log1p((Math.max(chunks, frequency) - frequency + 0.5) / (frequency + 0.5));
            if (frequency > 0) {
                weighed.add(new Weighed(term, (float) (share * rarity), frequency));
            }
        });
        return affordable(weighed);
    }

    private static Map<String, Float> affordable(List<Weighed> terms) {
        List<Weighed> heaviest = terms.stream()
                .sorted(Comparator.comparingDouble(Weighed::weight).reversed())
                .limit(MOST)
                .toList();
        Map<String, Float> kept = new LinkedHashMap<>();
        long places = 0;
        for (Weighed term : heaviest) {
            if (kept.isEmpty() || places + term.frequency <= MOST_PLACES) {
                places += term.frequency;
                kept.put(term.term, term.weight);
            }
        }
        return kept;
    }

    /** Several terms come from the same place in the text; together they should not count for more than a word. */
    private static float share(Token.Form form) {
        return switch (form) {
            case STEM -> 1;
            case WHOLE -> 0.5f;
            case BIGRAM -> 0.4f;
            case HAN_WORD -> 0.25f;
        };
    }

    private record Weighed(String term, float weight, long frequency) {}
}
