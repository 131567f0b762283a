package dev.mortise.billing.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why something may not be used.
 *
 * @param subject the meter, or the feature
 * @param requested units; 0 for a feature
 * @param used units of the window
 * @param held units that are not used yet, and kept for calls that still run, or that other replicas may begin: they may
 *     come back
 * @param limit units; 0 if there are none
 * @param resetsAt when the window ends; {@code null} if waiting does not help
 */
public record Denial(
        Reason reason,
        String subject,
        long requested,
        long used,
        long held,
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
