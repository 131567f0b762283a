package dev.mortise.rag.store.lucene;

import dev.mortise.rag.analysis.StopWords;
import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.analysis.Token;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a query's text looks for: terms, each with a weight of how much it tells. How rare a term is counts within the
 * tenant, so that nobody's results tell of another's documents.
 */
final class QueryTerms {
    /** More of them make a query slow and not better: those that tell the most stay. */
    private static final int MOST = 96;

    /** Question words say little, but a query of nothing else should find something. */
    private static final float STOP_WORD = 0.05f;

    private QueryTerms() {}

    /** Terms and weights. */
    static Map<String, Float> of(Snapshot snapshot, Tenant tenant, String text) throws IOException {
        Map<String, Float> shares = new LinkedHashMap<>();
        Frequencies frequencies = new Frequencies(snapshot, tenant);
        Spelling spelling = new Spelling(snapshot.getIndexReader(), tenant, frequencies);
        for (Token token : TextAnalyzer.tokens(text)) {
            String word = text.substring(token.start(), token.end()).toLowerCase(Locale.ROOT);
            float share = share(token.form()) * (StopWords.contains(word) ? STOP_WORD : 1);
            if (frequencies.of(token.term()) > 0) {
                shares.merge(token.term(), share, Math::max);
            } else if (token.form() == Token.Form.STEM && share == 1) {
                spelling.alike(word).forEach((term, closeness) -> shares.merge(term, closeness, Math::max));
            }
        }
        long chunks = snapshot.catalogue().of(tenant).chunks();
        Map<String, Float> weights = new LinkedHashMap<>();
        for (Map.Entry<String, Float> share : shares.entrySet()) {
            int frequency = frequencies.of(share.getKey());
            double rarity = Math.log1p((Math.max(chunks, frequency) - frequency + 0.5) / (frequency + 0.5));
            weights.put(share.getKey(), (float) (share.getValue() * rarity));
        }
        return weights.size() <= MOST ? weights : heaviest(weights);
    }

    private static Map<String, Float> heaviest(Map<String, Float> weights) {
        Map<String, Float> kept = new LinkedHashMap<>();
        weights.entrySet().stream()
                .sorted(Map.Entry.<String, Float>comparingByValue().reversed())
                .limit(MOST)
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
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
}
