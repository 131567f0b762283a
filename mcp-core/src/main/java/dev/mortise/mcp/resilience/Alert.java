package dev.mortise.mcp.resilience;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something an operator should know.
 *
 * @param key the same for the same problem: two with one key are one alert, now firing and now resolved
 * @param severity how soon to look
 * @param summary one line
 * @param labels further facts; their names consist of letters, digits and underscores
 * @param startedAt when the problem began
 * @param endedAt when it was over; {@code null} while it is there
 */
public record Alert(
        String key,
        Severity severity,
        String summary,
        Map<String, String> labels,
        Instant startedAt,
        @Nullable Instant endedAt) {
    /** How soon to look. */
    public enum Severity {
        WARNING,
        CRITICAL
    }

    public Alert {
        labels = Map.copyOf(labels);
    }

    public boolean isResolved() {
        return endedAt != null;
    }

    public Alert resolved(Instant at) {
        return new Alert(key, severity, summary, labels, startedAt, at);
    }
}
