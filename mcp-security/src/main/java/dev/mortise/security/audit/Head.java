package dev.mortise.security.audit;

/** The end of a stream as it is now: its last record. */
record Head(String stream, long sequence, String hash) {}
