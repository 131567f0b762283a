package dev.mortise.rag.chunk;

/**
 * How large passages are, in tokens.
 *
 * @param tokens of a passage with all that is before it, at most
 * @param overlap what may be repeated of the passage before, at most
 */
record Limits(int tokens, int overlap) {
    Limits {
        if (tokens < 16 || tokens > 100_000) {
            throw new IllegalArgumentException("A passage has at most 16 to 100,000 tokens, not " + tokens);
        }
        if (overlap < 0 || overlap > tokens / 2) {
            throw new IllegalArgumentException("At most a half of a passage is repeated, not " + overlap + " tokens");
        }
    }

    /** What title and headings may take. */
    int context() {
        return tokens / 4;
    }

    /** What the header of a table may take, which is repeated before its rows. */
    int lead() {
        return tokens / 4;
    }

    /** A section that is shorter shares its passage with the next one. */
    int least() {
        return tokens / 4;
    }
}
