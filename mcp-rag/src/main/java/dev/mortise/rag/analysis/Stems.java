package dev.mortise.rag.analysis;

import org.tartarus.snowball.ext.EnglishStemmer;

/** English words without their endings (Porter's second algorithm). */
final class Stems {
    private Stems() {}

    /** Words with digits, or of other letters, are left as they are. */
    static String of(String word) {
        if (word.length() < 3 || !plain(word)) {
            return word;
        }
        EnglishStemmer stemmer = new EnglishStemmer();
        stemmer.setCurrent(word);
        stemmer.stem();
        return stemmer.getCurrent();
    }

    private static boolean plain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c < 'a' || c > 'z') {
                return false;
            }
        }
        return true;
    }
}
