package dev.mortise.billing.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why something may not be used.
 *
 * @param subject the meter, or the feature
 * @param requested units; 0 for a feature
 * @param used units of the window, of which some may be held by calls that still run
 * @param limit units; 0 if there are none
 * @param resetsAt when the window ends; {@code null} if waiting does not help
 */
public record Denial(
        Reason reason,
        String subject,
        long requested,
        long used,
        long limit,
        @Nullable Instant resetsAt) {
    /** What is missing. */
    public enum Reason {
        /** The limit is reached. */
        EXHAUSTED,
        /** The plan does not have this meter. */
        NOT_INCLUDED,
        /** The plan does not have this feature. */
        FEATURE
    }
}
