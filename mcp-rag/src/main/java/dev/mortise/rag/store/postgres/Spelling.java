package dev.mortise.rag.store.postgres;

import dev.mortise.rag.analysis.TextAnalyzer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.LevenshteinAutomata;

/** What may be meant by a word that the tenant's documents do not have: words they have that are spelt nearly so. */
final class Spelling {
    private static final int SHORTEST = 4;
    private static final int TWO_ERRORS_FROM = 7;
    private static final int MOST = 3;
    private static final int MOST_COMPARED = 20_000;

    /** What a guess counts, against a word as it was typed; each further guess counts less. */
    private static final float GUESS = 0.7f;

    /** More unknown words are no typing errors, and looking for each costs time. */
    private static final int MOST_WORDS = 16;

    private final Vocabulary vocabulary;
    private int looked;

    Spelling(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Terms, and how much each should count: up to 1. The first letter is taken to be right. */
    Map<String, Float> alike(String word) throws SQLException {
        int length = word.codePointCount(0, word.length());
        if (length < SHORTEST || !ofLetters(word) || looked++ >= MOST_WORDS) {
            return Map.of();
        }
        int errors = length >= TWO_ERRORS_FROM ? 2 : 1;
        List<CharacterRunAutomaton> within = new ArrayList<>();
        for (int distance = 1; distance <= errors; distance++) {
            within.add(new CharacterRunAutomaton(new LevenshteinAutomata(word, true).toAutomaton(distance)));
        }
        List<Guess> guesses = new ArrayList<>();
        vocabulary
                .beginning(word.codePointAt(0), Math.max(SHORTEST - 1, length - errors), length + errors, MOST_COMPARED)
                .forEach((term, chunks) -> {
                    for (int distance = 1; distance <= errors; distance++) {
                        if (within.get(distance - 1).run(term)) {
                            double closeness = 1 - (double) distance / Math.min(word.length(), term.length());
                            guesses.add(new Guess(term, closeness + 0.05 * Math.log1p(chunks)));
                            return;
                        }
                    }
                });
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
