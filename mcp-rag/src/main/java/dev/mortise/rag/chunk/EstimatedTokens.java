package dev.mortise.rag.chunk;

/**
 * A Chinese, Japanese or Korean character is a token, a word of the Latin kind one for each four characters that it has
 * begun, and so is a number for each three and any other visible character. Vocabularies of multilingual models need
 * fewer for ordinary text.
 */
enum EstimatedTokens implements TokenCounter {
    INSTANCE;

    private static final int LETTERS = 4;
    private static final int DIGITS = 3;

    @Override
    public int count(String text) {
        int tokens = 0;
        int run = 0;
        int limit = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            int kind = kind(codePoint);
            if (kind == 0) {
                limit = 0;
            } else if (kind == 1 || kind != limit) {
                tokens++;
                run = 1;
                limit = kind;
            } else if (run == limit) {
                tokens++;
                run = 1;
            } else {
                run++;
            }
        }
        return tokens;
    }

    /** How many characters of its kind are one token; 0 for white space. */
    private static int kind(int codePoint) {
        if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
            return 0;
        }
        if (Character.isDigit(codePoint)) {
            return DIGITS;
        }
        boolean ideographic = codePoint >= 0x1100 && (Character.isIdeographic(codePoint) || eastAsian(codePoint));
        return Character.isLetter(codePoint) && !ideographic ? LETTERS : 1;
    }

    private static boolean eastAsian(int codePoint) {
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
