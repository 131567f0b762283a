package dev.mortise.billing.payment;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job of a {@link PaymentsSchedule}, for metrics: a counter by name and failure, a timer.
 *
 * @param job a name out of few, fit for a label
 * @param failure {@code null} if it succeeded
 */
public record JobRun(
        String job,
        Instant startedAt,
        Duration took,
        @Nullable Throwable failure) {}
