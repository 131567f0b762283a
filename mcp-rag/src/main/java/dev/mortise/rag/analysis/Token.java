package dev.mortise.rag.analysis;

/**
 * A term, and where in the text it stands.
 *
 * @param term as it is compared
 * @param start of its place in the text, in UTF-16 code units
 * @param end of it, exclusive
 * @param form how the term came from the text
 */
public record Token(String term, int start, int end, Form form) {
    /** How a term came from the text. */
    public enum Form {
        /** A word without its ending. */
        STEM,
        /** A word, or the whole of an identifier, as it stands, in lower case. */
        WHOLE,
        /** Two neighbouring characters of a writing without spaces, or one that stands alone. */
        BIGRAM,
        /** A word of Chinese. */
        HAN_WORD
    }
}
