package dev.mortise.rag.store.lucene;

import dev.mortise.rag.internal.Guesses;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.FuzzyTermsEnum;
import org.apache.lucene.util.BytesRef;

/** Looks in the index for words that are spelt nearly like one that it does not have. */
final class Spelling {
    /** More unknown words are no typing errors, and looking for each costs time. */
    private static final int MOST_WORDS = 16;

    private final IndexReader reader;
    private final Tenant tenant;
    private final Frequencies frequencies;
    private int looked;

    Spelling(IndexReader reader, Tenant tenant, Frequencies frequencies) {
        this.reader = reader;
        this.tenant = tenant;
        this.frequencies = frequencies;
    }

    /** Terms, and how much each should count: up to 1. The first letter is taken to be right. */
    Map<String, Float> alike(String word) throws IOException {
        Terms vocabulary = MultiTerms.getTerms(reader, Fields.CHUNK_TERMS);
        if (vocabulary == null || !Guesses.canBeMisspelt(word) || looked++ >= MOST_WORDS) {
            return Map.of();
        }
        String prefix = Fields.term(tenant, "");
        int errors = Guesses.errors(word);
        Guesses guesses = new Guesses();
        TermsEnum terms = new FuzzyTermsEnum(
                vocabulary,
                new Term(Fields.CHUNK_TERMS, prefix + word),
                errors,
                prefix.length() + Character.charCount(word.codePointAt(0)),
                true);
        for (BytesRef term = terms.next(); term != null; term = terms.next()) {
            String guess = term.utf8ToString().substring(prefix.length());
            int frequency = guess.length() >= Guesses.SHORTEST - 1 ? frequencies.of(guess) : 0;
            if (frequency > 0) {
                guesses.add(word, guess, Distance.between(word, guess, errors), frequency);
            }
        }
        return guesses.terms();
    }
}
