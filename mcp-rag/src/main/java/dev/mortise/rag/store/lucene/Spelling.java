package dev.mortise.rag.store.lucene;

import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.FuzzyTermsEnum;
import org.apache.lucene.util.BytesRef;

/** What may be meant by a word that the tenant's documents do not have: words they have that are spelt nearly so. */
final class Spelling {
    private static final int SHORTEST = 4;
    private static final int TWO_ERRORS_FROM = 7;
    private static final int MOST = 3;

    /** What a guess counts, against a word as it was typed; each further guess counts less. */
    private static final float GUESS = 0.7f;

    /** More unknown words are no typing errors, and looking for each costs time. */
    private static final int MOST_WORDS = 16;

    private final IndexReader reader;
    private final Tenant tenant;
    private int looked;

    Spelling(IndexReader reader, Tenant tenant) {
        this.reader = reader;
        this.tenant = tenant;
    }

    /** Terms, and how much each should count: up to 1. The first letter is taken to be right. */
    Map<String, Float> alike(String word) throws IOException {
        Terms vocabulary = MultiTerms.getTerms(reader, Fields.VOCABULARY);
        if (vocabulary == null || word.length() < SHORTEST || !ofLetters(word) || looked++ >= MOST_WORDS) {
            return Map.of();
        }
        String prefix = Fields.vocabulary(tenant, "");
        int errors = word.length() >= TWO_ERRORS_FROM ? 2 : 1;
        List<Guess> guesses = new ArrayList<>();
        TermsEnum terms = new FuzzyTermsEnum(
                vocabulary,
                new Term(Fields.VOCABULARY, prefix + word),
                errors,
                prefix.length() + Character.charCount(word.codePointAt(0)),
                true);
        for (BytesRef term = terms.next(); term != null; term = terms.next()) {
            String guess = term.utf8ToString().substring(prefix.length());
            if (guess.length() >= SHORTEST - 1) {
                double distance = Distance.between(word, guess, errors);
                double closeness = 1 - distance / Math.min(word.length(), guess.length());
                guesses.add(new Guess(guess, closeness + 0.05 * Math.log1p(terms.docFreq())));
            }
        }
        guesses.sort(Comparator.comparingDouble(Guess::likelihood).reversed().thenComparing(Guess::word));
        Map<String, Float> alike = new LinkedHashMap<>();
        float share = GUESS;
        for (Guess guess : guesses) {
            String stem = TextAnalyzer.tokens(guess.word).getFirst().term();
            if (alike.putIfAbsent(stem, share) == null) {
                share *= GUESS;
                if (alike.size() == MOST) {
                    break;
                }
            }
        }
        return alike;
    }

    private static boolean ofLetters(String word) {
        return word.codePoints().allMatch(Character::isLetter);
    }

    private record Guess(String word, double likelihood) {}
}
