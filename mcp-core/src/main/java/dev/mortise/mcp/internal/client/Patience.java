package dev.mortise.mcp.internal.client;

/** Told while a person is busy, with signing in say: that time is nobody's fault and spends no limit. Thread-safe. */
public interface Patience {
    /** Nobody minds. */
    Patience NONE = new Patience() {};

    /** From now on a person is busy; each time it is said it has to be taken back. */
    default void hold() {}

    /** The end of {@link #hold}. */
    default void release() {}
}
