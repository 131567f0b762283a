package dev.mortise.rag.internal;

import dev.mortise.rag.analysis.TextAnalyzer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may be meant by a word that the tenant's documents do not have: words they have that are spelt nearly so. How they are
 * found is the store's concern; how much each counts is not. Not thread-safe.
 */
public final class Guesses {
    /** Shorter words have too many that are spelt nearly so. In code points. */
    public static final int SHORTEST = 4;

    private static final int TWO_ERRORS_FROM = 7;
    private static final int MOST = 3;

    /** What a guess counts, against a word as it was typed; each further guess counts less. */
    private static final float GUESS = 0.7f;

    /** That a word is common makes it a little likelier. */
    private static final double OF_COMMONNESS = 0.05;

    private record Guess(String word, double likelihood) {}

    private final List<Guess> guesses = new ArrayList<>();

    /** Whether it can be a word with a typing error at all. */
    public static boolean canBeMisspelt(String word) {
        return word.codePointCount(0, word.length()) >= SHORTEST
                && word.codePoints().allMatch(Character::isLetter);
    }

    /** How many errors are forgiven: 1 or 2. */
    public static int errors(String word) {
        return word.codePointCount(0, word.length()) >= TWO_ERRORS_FROM ? 2 : 1;
    }

    /**
     * @param errors between the two words
     * @param chunks that have the guess
     */
    public void add(String word, String guess, int errors, long chunks) {
        double closeness = 1 - (double) errors / Math.min(word.length(), guess.length());
        guesses.add(new Guess(guess, closeness + OF_COMMONNESS * Math.log1p((double) chunks)));
    }

    /** The likeliest, as terms, and how much each should count: below 1. */
    public Map<String, Float> terms() {
        guesses.sort(Comparator.comparingDouble(Guess::likelihood).reversed().thenComparing(Guess::word));
        Map<String, Float> terms = new LinkedHashMap<>();
        float share = GUESS;
        for (Guess guess : guesses) {
            String stem = TextAnalyzer.tokens(guess.word).getFirst().term();
            if (terms.putIfAbsent(stem, share) == null) {
                share *= GUESS;
                if (terms.size() == MOST) {
                    break;
                }
            }
        }
        return terms;
    }
}
