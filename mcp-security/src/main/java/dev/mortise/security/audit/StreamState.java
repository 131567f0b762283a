package dev.mortise.security.audit;

/**
 * A stream as the log has it in its list.
 *
 * @param state {@code open}, {@code closed} by its writer, or {@code sealed} by another one
 */
record StreamState(Head head, String state, String writer) {}
