package dev.mortise.billing.payment;

import java.time.Duration;

/** What a provider said to a {@link UsageReport}. */
public sealed interface UsageAnswer {
    /** Taken, now or before. It may still be found wrong later. */
    record Taken() implements UsageAnswer {}

    /** Never: a code such as {@code timestamp_too_far_in_past}. */
    record Never(String code) implements UsageAnswer {}

    /** Not now; whether it was taken is unknown. */
    record Later(Duration retryAfter) implements UsageAnswer {}
}
