package dev.mortise.mcp.call;

/** What came back to a {@link Question}. */
public sealed interface Answer<T> {
    record Accepted<T>(T value) implements Answer<T> {}

    /** The user said no. */
    record Declined<T>() implements Answer<T> {}

    /** The user closed the question without choosing. */
    record Cancelled<T>() implements Answer<T> {}

    /** It was not asked yet, or what came back was no answer to it: ask. */
    record Missing<T>() implements Answer<T> {}
}
