package dev.mortise.rag.embed;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a text is compared by when there is no model: words, pieces of words, and characters of East Asian scripts. */
final class LexicalFeatures {
    private static final double WORD = 1;
    private static final double PIECE = 0.5;
    private static final double CHARACTER = 0.4;
    private static final double PAIR = 1;
    private static final double FUNCTION_WORD = 0.1;
    private static final int LONGEST_WORD = 64;

    private static final Set<String> FUNCTION_WORDS = Set.of(
            "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "i", "if", "in",
            "is", "it", "my", "of", "on", "or", "that", "the", "this", "to", "was", "what", "when", "which", "with",
            "you", "的", "了", "是", "在", "和", "吗", "么", "怎", "如", "何", "什", "与", "或", "有", "个");

    private final Map<Long, Double> counts = new HashMap<>();

    private LexicalFeatures() {}

    /** Features by their hashes, with their weights. */
    static Map<Long, Float> of(String text) {
        LexicalFeatures features = new LexicalFeatures();
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        int word = -1;
        int previous = -1;
        for (int at = 0; at < plain.length(); ) {
            int codePoint = plain.codePointAt(at);
            boolean ideograph = isEastAsian(codePoint);
            boolean wordlike = !ideograph && Character.isLetterOrDigit(codePoint);
            if (word >= 0 && (!wordlike || at - word >= LONGEST_WORD)) {
                features.word(plain.substring(word, at));
                word = -1;
            }
            if (wordlike && word < 0) {
                word = at;
            }
            if (ideograph) {
                features.character(codePoint, previous);
            }
            previous = ideograph ? codePoint : -1;
            at += Character.charCount(codePoint);
        }
        if (word >= 0) {
            features.word(plain.substring(word));
        }
        Map<Long, Float> weights = HashMap.newHashMap(features.counts.size());
        features.counts.forEach((feature, sum) -> weights.put(feature, (float) Math.log1p(sum)));
        return weights;
    }

    private void word(String word) {
        if (FUNCTION_WORDS.contains(word)) {
            add('w', word, FUNCTION_WORD);
            return;
        }
        add('w', word, WORD);
        String bounded = '^' + word + '$';
        int pieces = Math.max(1, 2 * bounded.length() - 5);
        // A long word has more pieces, but is one word.
        double weight = PIECE * Math.sqrt(8.0 / (8 + pieces));
        for (int size = 3; size <= 4; size++) {
            for (int at = 0; at + size <= bounded.length(); at++) {
                add('p', bounded.substring(at, at + size), weight);
            }
        }
    }

    private void character(int codePoint, int previous) {
        String character = Character.toString(codePoint);
        add('c', character, FUNCTION_WORDS.contains(character) ? FUNCTION_WORD : CHARACTER);
        if (previous >= 0) {
            add('b', Character.toString(previous) + character, PAIR);
        }
    }

    private void add(char kind, String feature, double weight) {
        long hash = 0xCBF29CE484222325L ^ kind;
        for (int at = 0; at < feature.length(); at++) {
            hash = (hash ^ feature.charAt(at)) * 0x100000001B3L;
        }
        // FNV-1a leaves its high bits too alike: mixed as in the finalizer of SplitMix64.
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        counts.merge(hash ^ (hash >>> 31), weight, Double::sum);
    }

    private static boolean isEastAsian(int codePoint) {
        if (codePoint < 0x1100) {
            return false;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> true;
            default -> false;
        };
    }
}
