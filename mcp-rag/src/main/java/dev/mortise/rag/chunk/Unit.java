package dev.mortise.rag.chunk;

/**
 * What is not cut any further: a sentence, a line, a row, or a piece of one that is too long.
 *
 * @param repeatable whether it may be said again at the beginning of the next passage
 * @param lead what is to be read before it where a passage begins with it
 */
record Unit(int start, int end, int tokens, boolean repeatable, String lead) {}
