package dev.mortise.mcp.internal.resilience;

/** Something that may be attempted, perhaps more than once. */
public interface Work<R> {
    /**
     * Prepares an attempt.
     *
     * @param mute whether it runs beside another, and so must not be heard
     * @param alone whether it has a thread of its own, and can be stopped
     * @param due when its time is over; {@link Long#MAX_VALUE} if never
     */
    Attempted<R> attempt(boolean mute, boolean alone, long due);

    /** Whether nobody wants the result any more. */
    boolean isCancelled();

    /** Runs an action, once, when nobody wants the result any more. */
    void onCancel(Runnable action);

    /** One attempt. */
    interface Attempted<R> {
        /** Does it, and says what came of it; never throws. */
        Ended<R> run();

        /** Cancels and interrupts it, wherever it is. */
        void stop();
    }
}
