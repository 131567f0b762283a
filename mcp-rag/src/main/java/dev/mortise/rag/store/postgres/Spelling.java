package dev.mortise.rag.store.postgres;

import dev.mortise.rag.internal.Guesses;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.LevenshteinAutomata;

/** Looks in the vocabulary for words that are spelt nearly like one that it does not have. */
final class Spelling {
    private static final int MOST_COMPARED = 20_000;

    /** More unknown words are no typing errors, and looking for each costs time. */
    private static final int MOST_WORDS = 16;

    private final Vocabulary vocabulary;
    private int looked;

    Spelling(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Terms, and how much each should count: up to 1. The first letter is taken to be right. */
    Map<String, Float> alike(String word) throws SQLException {
        if (!Guesses.canBeMisspelt(word) || looked++ >= MOST_WORDS) {
            return Map.of();
        }
        int length = word.codePointCount(0, word.length());
        int errors = Guesses.errors(word);
        List<CharacterRunAutomaton> within = new ArrayList<>();
        for (int distance = 1; distance <= errors; distance++) {
            within.add(new CharacterRunAutomaton(new LevenshteinAutomata(word, true).toAutomaton(distance)));
        }
        Guesses guesses = new Guesses();
        int shortest = Math.max(Guesses.SHORTEST - 1, length - errors);
        vocabulary
                .beginning(word.codePointAt(0), shortest, length + errors, MOST_COMPARED)
                .forEach((term, chunks) -> {
                    for (int distance = 1; distance <= errors; distance++) {
                        if (within.get(distance - 1).run(term)) {
                            guesses.add(word, term, distance, chunks);
                            return;
                        }
                    }
                });
        return guesses.terms();
    }
}
