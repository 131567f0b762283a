package dev.mortise.mcp.observe;

import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;

/** A span of the calendar, in UTC, over which callers are counted. */
public enum Window {
    DAY("day", Duration.ofDays(2)),
    MONTH("month", Duration.ofDays(62));

    private final String label;
    private final Duration keep;

    Window(String label, Duration keep) {
        this.label = label;
        this.keep = keep;
    }

    String label() {
        return label;
    }

    /** How long a store keeps what belongs to one. */
    Duration keep() {
        return keep;
    }

    /** The name of the one that a day is in: {@code 2026-11-22}, {@code 2026-11}. */
    String period(LocalDate day) {
        return switch (this) {
            case DAY -> day.toString();
            case MONTH -> YearMonth.from(day).toString();
        };
    }
}
