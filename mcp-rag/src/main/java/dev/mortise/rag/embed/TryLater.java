package dev.mortise.rag.embed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A batch failed in a way that another try may not. */
final class TryLater extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final @Nullable Duration after;

    /** @param after how long the model wants to be left alone, if it said so */
    TryLater(String message, @Nullable Duration after, @Nullable Throwable cause) {
        super(message, cause);
        this.after = after;
    }

    @Nullable
    Duration after() {
        return after;
    }
}
