package dev.mortise.mcp.resilience;

import java.time.Duration;

/** What values have to be. */
final class Checks {
    /** Longer waits are mistakes, and would not fit into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Checks() {}

    static Duration positive(Duration value, String name) {
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be longer than nothing and shorter than a year, but is " + value);
        }
        return value;
    }

    static Duration notNegative(Duration value, String name) {
        return value.isZero() ? value : positive(value, name);
    }

    static int between(int value, int least, int most, String name) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must lie between " + least + " and " + most + ", but is " + value);
        }
        return value;
    }

    static String name(String name) {
        if (name.isBlank() || name.length() > 128) {
            throw new IllegalArgumentException("A name has 1 to 128 characters, and says something: \"" + name + "\"");
        }
        return name;
    }
}
