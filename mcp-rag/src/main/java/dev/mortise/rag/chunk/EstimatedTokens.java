package dev.mortise.rag.chunk;

/**
 * A Chinese, Japanese or Korean character is a token, a word of the Latin kind one for each four letters that it has
 * begun, a number one for each three digits, and any other visible character one, of which four that are the same count
 * as one: lines and frames are drawn with them. Vocabularies of multilingual models need fewer for ordinary text.
 */
enum EstimatedTokens implements TokenCounter {
    INSTANCE;

    /** What characters are, as far as tokens go. */
    private enum Kind {
        SPACE(0),
        CHARACTER(1),
        DIGIT(3),
        LETTER(4),
        SYMBOL(4);

        /** How many of them in a row are one token. */
        private final int together;

        Kind(int together) {
            this.together = together;
        }

        static Kind of(int codePoint) {
            if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
                return SPACE;
            }
            if (Character.isDigit(codePoint)) {
                return DIGIT;
            }
            if (codePoint >= 0x0E00 && isWrittenWithoutSpaces(codePoint)) {
                return CHARACTER;
            }
            return Character.isLetter(codePoint) ? LETTER : SYMBOL;
        }

        private static boolean isWrittenWithoutSpaces(int codePoint) {
            return switch (Character.UnicodeScript.of(codePoint)) {
                case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
                default -> Character.isIdeographic(codePoint);
            };
        }
    }

    @Override
    public int count(String text) {
        int tokens = 0;
        int run = 0;
        int previous = -1;
        Kind last = Kind.SPACE;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            Kind kind = Kind.of(codePoint);
            boolean goesOn = kind == last && (kind != Kind.SYMBOL || codePoint == previous);
            if (goesOn && run < kind.together) {
                run++;
            } else if (kind != Kind.SPACE) {
                tokens++;
                run = 1;
            }
            last = kind;
            previous = codePoint;
        }
        return tokens;
    }
}
