package dev.mortise.billing.books;

import org.jspecify.annotations.Nullable;

/** Texts that go into the database. */
final class Texts {
    static final int ID = 128;
    static final int REASON = 1_000;

    private Texts() {}

    /** Neither empty nor too long, and nothing that no database keeps: NUL, half a surrogate pair. */
    static String require(String what, String text, int most) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        return requireOrEmpty(what, text, most);
    }

    static String requireOrEmpty(String what, String text, int most) {
        if (text.length() > most || isOdd(text)) {
            throw new IllegalArgumentException(
                    what + " has at most " + most + " characters, and no NUL or half surrogate pair");
        }
        return text;
    }

    /** Whether something may be in the database at all. */
    static boolean isKeyable(@Nullable String text) {
        return text != null && !text.isEmpty() && text.length() <= ID && !isOdd(text);
    }

    /** Half a character would be looked for as a question mark, and might be found. */
    private static boolean isOdd(String text) {
        return text.codePoints()
                .anyMatch(
                        point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    }
}
