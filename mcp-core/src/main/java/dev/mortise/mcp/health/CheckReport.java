package dev.mortise.mcp.health;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one check stands.
 *
 * @param status {@code null} before its first look is over
 * @param since when it came to this
 * @param checkedAt when it was last looked at
 * @param took milliseconds of the last look
 * @param history the latest changes, the newest first, at most ten
 */
public record CheckReport(
        String name,
        Set<HealthCheck.Group> groups,
        boolean required,
        @Nullable Status status,
        String message,
        Map<String, Object> details,
        @Nullable Instant since,
        @Nullable Instant checkedAt,
        long took,
        List<Change> history) {

    /** A change of mind. */
    public record Change(Instant at, Status status, String message) {}
}
