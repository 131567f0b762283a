package dev.mortise.rag.analysis;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What kind of letter, and which letters are alike. */
final class Letters {
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

    private Letters() {}

    /** Whether words of this writing are not separated by spaces. */
    static boolean spaceless(int codePoint) {
        if (codePoint < 0x2E80) {
            return false;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    static boolean partOfWord(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || Character.getType(codePoint) == Character.NON_SPACING_MARK;
    }

    /** The same for letters that differ in case, width, accents or ligature. */
    static String normal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
                String plain = spaceless(text.codePointAt(0))
                        ? decomposed
                        : MARKS.matcher(decomposed).replaceAll("");
                return Normalizer.normalize(plain, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
            }
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
