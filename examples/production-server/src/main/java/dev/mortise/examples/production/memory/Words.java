package dev.mortise.examples.production.memory;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The words of a text, without their most common endings. */
final class Words {
    private static final Set<String> COMMON = Set.of(
            "a", "an", "and", "are", "at", "do", "does", "for", "how", "i", "in", "is", "it", "me", "my", "of", "on",
            "or", "that", "the", "to", "was", "what", "when", "where", "which", "who", "with", "you", "your");

    private Words() {}

    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        StringBuilder word = new StringBuilder();
        int before = -1;
        for (int c : text.toLowerCase(Locale.ROOT).codePoints().toArray()) {
            boolean ideograph = Character.isIdeographic(c);
            if (Character.isLetterOrDigit(c) && !ideograph) {
                word.appendCodePoint(c);
            } else {
                add(words, word);
            }
            if (ideograph && before >= 0) {
                words.add(Character.toString(before) + Character.toString(c));
            }
            before = ideograph ? c : -1;
        }
        add(words, word);
        return words;
    }

    private static void add(Set<String> words, StringBuilder word) {
        if (!word.isEmpty() && !COMMON.contains(word.toString())) {
            words.add(stem(word.toString()));
        }
        word.setLength(0);
    }

    private static String stem(String word) {
        for (String ending : new String[] {"ing", "es", "ed", "s"}) {
            if (word.endsWith(ending) && word.length() - ending.length() >= 3) {
                return word.substring(0, word.length() - ending.length());
            }
        }
        return word;
    }
}
