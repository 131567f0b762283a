package dev.mortise.examples.documents;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts text into what a search compares: the words of scripts that write spaces, without their plural s; and where
 * there are no spaces, as in Chinese, single characters and pairs of neighbours.
 */
final class Words {
    /**
     * One of them.
     *
     * @param text folded: width, upper and lower case make no difference
     * @param start where it stands in the text
     */
    record Word(String text, int start) {}

    private Words() {}

    /** Everything that a query could mean, in the order of the text. */
    static List<Word> in(String text) {
        List<Word> words = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            int character = text.codePointAt(position);
            int end = position + Character.charCount(character);
            if (isUnspaced(character)) {
                words.add(new Word(text.substring(position, end), position));
                int neighbour = end < text.length() ? text.codePointAt(end) : ' ';
                if (isUnspaced(neighbour)) {
                    words.add(new Word(text.substring(position, end + Character.charCount(neighbour)), position));
                }
            } else if (Character.isLetterOrDigit(character)) {
                end = endOfWord(text, end);
                words.add(new Word(fold(text.substring(position, end)), position));
            }
            position = end;
        }
        return words;
    }

    /** What a query asks for: of Chinese the pairs, because single characters are nearly everywhere. */
    static Set<String> asked(String query) {
        Set<String> asked = new LinkedHashSet<>();
        Set<Integer> inPairs = new LinkedHashSet<>();
        List<Word> words = in(query);
        for (Word word : words) {
            int first = Character.charCount(word.text().codePointAt(0));
            if (isPair(word)) {
                inPairs.add(word.start());
                inPairs.add(word.start() + first);
            }
        }
        for (Word word : words) {
            if (isPair(word) || !inPairs.contains(word.start())) {
                asked.add(word.text());
            }
        }
        return asked;
    }

    private static boolean isPair(Word word) {
        String text = word.text();
        int first = text.codePointAt(0);
        return isUnspaced(first) && text.length() > Character.charCount(first);
    }

    private static int endOfWord(String text, int from) {
        int end = from;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            boolean inside =
                    Character.isLetterOrDigit(character) || Character.getType(character) == Character.NON_SPACING_MARK;
            if (!inside || isUnspaced(character)) {
                break;
            }
            end += Character.charCount(character);
        }
        return end;
    }

    private static String fold(String word) {
        String folded = Normalizer.normalize(word, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        boolean plural = folded.length() > 3 && folded.endsWith("s") && !folded.endsWith("ss");
        return plural ? folded.substring(0, folded.length() - 1) : folded;
    }

    private static boolean isUnspaced(int character) {
        if (character < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> Character.isLetterOrDigit(character);
            default -> false;
        };
    }
}
