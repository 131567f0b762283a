package dev.mortise.rag.chunk;

/**
 * How many tokens a model sees in a text. Thread-safe. Two texts put together count for no more than the sum; where that
 * is not quite so, passages may go over their budget by as much.
 */
@FunctionalInterface
public interface TokenCounter {
    int count(String text);

    /** An estimate for models whose tokens are not known: on the safe side for English, Chinese and code. */
    static TokenCounter estimate() {
        return EstimatedTokens.INSTANCE;
    }
}
