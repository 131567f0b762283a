package dev.mortise.examples.production.memory;

/** What sort of thing is remembered. */
public enum MemoryKind {
    /** Something that is so. */
    FACT,
    /** How the user wants things. */
    PREFERENCE,
    /** Something that is to be done. */
    TASK
}
