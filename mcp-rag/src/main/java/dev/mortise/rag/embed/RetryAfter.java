package dev.mortise.rag.embed;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How long a server wants to be left alone: seconds, or a date (RFC 9110 section 10.2.3). */
final class RetryAfter {
    private static final long LONGEST_SECONDS = 366L * 24 * 3600;

    private RetryAfter() {}

    /** Null if it does not say, or not in a way that can be read. */
    static @Nullable Duration of(HttpHeaders headers, Clock clock) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        if (value.isEmpty()) {
            return null;
        }
        if (value.length() < 12 && value.chars().allMatch(unit -> unit >= '0' && unit <= '9')) {
            return Duration.ofSeconds(Math.min(Long.parseLong(value), LONGEST_SECONDS));
        }
        try {
            ZonedDateTime at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(clock.instant(), at.toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
