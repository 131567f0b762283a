package dev.mortise.billing.books;

import java.time.Instant;

/** Times that go into the database. */
final class Times {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private Times() {}

    /** @throws IllegalArgumentException if it is before 1970 or after 9999: no clock has meant that */
    static Instant require(String what, Instant at) {
        if (at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)) {
            throw new IllegalArgumentException(what + " is from 1970 to 9999, not " + at);
        }
        return at;
    }
}
