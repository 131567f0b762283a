package dev.mortise.examples.production.text;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What a sentence is about: its words but the commonest; of Chinese, pairs of characters. */
final class Terms {
    private static final Set<String> COMMON = Set.of(
            "about", "also", "and", "any", "are", "been", "but", "can", "could", "did", "does", "for", "from", "had",
            "has", "have", "her", "his", "how", "into", "its", "may", "more", "most", "not", "one", "only", "other",
            "our", "out", "she", "should", "some", "such", "than", "that", "the", "their", "them", "then", "there",
            "these", "they", "this", "those", "was", "were", "what", "when", "where", "which", "while", "who", "will",
            "with", "would", "you", "your", "我们", "他们", "这个", "一个", "没有", "可以", "因为", "所以", "但是", "如果");

    private Terms() {}

    static Set<String> of(String sentence) {
        Set<String> terms = new HashSet<>();
        StringBuilder word = new StringBuilder();
        int before = -1;
        for (int c : (sentence.toLowerCase(Locale.ROOT) + " ").codePoints().toArray()) {
            boolean ideograph = Character.isIdeographic(c);
            if (Character.isLetterOrDigit(c) && !ideograph) {
                word.appendCodePoint(c);
            } else {
                add(terms, word.toString(), 3);
                word.setLength(0);
            }
            if (ideograph && before >= 0) {
                add(terms, Character.toString(before) + Character.toString(c), 2);
            }
            before = ideograph ? c : -1;
        }
        return terms;
    }

    private static void add(Set<String> terms, String term, int least) {
        if (term.length() >= least && !COMMON.contains(term)) {
            terms.add(term.length() > 4 && term.endsWith("s") ? term.substring(0, term.length() - 1) : term);
        }
    }
}
