package dev.mortise.billing.meter;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Something that is counted, in whole units.
 *
 * @param name as plans name it: lower-case letters, digits, dots, hyphens and underscores, 64 at most
 * @param kind what a quantity of it means
 * @param unit for people, such as {@code call} or {@code byte}
 */
public record Meter(String name, Kind kind, String unit) {
    /** What a quantity means. */
    public enum Kind {
        /** So much more was used. Quantities are positive, and add up. */
        COUNTER,
        /** The level has changed by so much, up or down. It stays until it changes again, and is never below zero. */
        GAUGE
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");

    /** Calls, each by its weight. */
    public static final Meter API_CALLS = counter("api_calls", "call");

    /** Documents that are stored, in bytes; the megabyte of plans is 10⁶ of them. */
    public static final Meter STORAGE = gauge("storage", "byte");

    /** Embeddings, smart selection: work that a model does for a call. */
    public static final Meter AI_OPERATIONS = counter("ai_operations", "operation");

    /** @throws IllegalArgumentException if the name has another form */
    public Meter {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(unit, "unit");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("A meter's name has 1 to 64 of a-z 0-9 _ . - and begins with a letter,"
                    + " but this one is \"" + name + "\"");
        }
    }

    public static Meter counter(String name, String unit) {
        return new Meter(name, Kind.COUNTER, unit);
    }

    public static Meter gauge(String name, String unit) {
        return new Meter(name, Kind.GAUGE, unit);
    }

    @Override
    public String toString() {
        return name;
    }
}
