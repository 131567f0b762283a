package dev.mortise.examples.production.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Patterns of LIKE and GLOB, as SQLite reads them. A match takes at most as many steps as the text is long times the
 * pattern. Remembers the last pattern, which is the same for every row as a rule; used by one thread.
 */
final class Wildcards {
    private static final int LONGEST_PATTERN = 1_000;

    /** What means something in a pattern. */
    enum Kind {
        /** {@code %} and {@code _}; letters of ASCII are the same in both cases. */
        LIKE,
        /** {@code *}, {@code ?} and sets in brackets. */
        GLOB
    }

    private @Nullable String last;
    private int lastEscape;
    private List<Part> parts = List.of();

    /** One character, or any number of whichever. */
    private record Part(boolean any, IntPredicate one) {}

    boolean matches(String text, Kind kind, int escape, String pattern) throws SafeFunctions.TooLong {
        if (!pattern.equals(last) || escape != lastEscape) {
            if (pattern.length() > LONGEST_PATTERN) {
                throw new SafeFunctions.TooLong("LIKE or GLOB pattern too complex");
            }
            int[] read = pattern.codePoints().toArray();
            parts = kind == Kind.LIKE ? like(read, escape) : glob(read);
            last = pattern;
            lastEscape = escape;
        }
        return matches(text.codePoints().toArray());
    }

    /** Going back only to the last of those that take any number: what an earlier one takes more helps nobody. */
    private boolean matches(int[] text) {
        int at = 0;
        int part = 0;
        int any = -1;
        int taken = 0;
        while (at < text.length) {
            if (part < parts.size() && parts.get(part).any()) {
                any = part++;
                taken = at;
            } else if (part < parts.size() && parts.get(part).one().test(text[at])) {
                part++;
                at++;
            } else if (any >= 0) {
                part = any + 1;
                at = ++taken;
            } else {
                return false;
            }
        }
        while (part < parts.size() && parts.get(part).any()) {
            part++;
        }
        return part == parts.size();
    }

    private static List<Part> like(int[] pattern, int escape) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < pattern.length; i++) {
            int c = pattern[i];
            if (c == escape) {
                // An escape character at the end matches nothing.
                int literal = ++i < pattern.length ? lower(pattern[i]) : -1;
                parts.add(new Part(false, one -> lower(one) == literal));
            } else if (c == '%' || c == '_') {
                parts.add(new Part(c == '%', one -> true));
            } else {
                parts.add(new Part(false, one -> lower(one) == lower(c)));
            }
        }
        return parts;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static List<Part> glob(int[] pattern) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < pattern.length; i++) {
            int c = pattern[i];
            if (c == '[') {
                int end = end(pattern, i);
                parts.add(new Part(false, end < 0 ? one -> false : set(Arrays.copyOfRange(pattern, i + 1, end))));
                i = end < 0 ? pattern.length : end;
            } else if (c == '*' || c == '?') {
                parts.add(new Part(c == '*', one -> true));
            } else {
                parts.add(new Part(false, one -> one == c));
            }
        }
        return parts;
    }

    /** Where a set is closed; a bracket right at its beginning belongs to it. */
    private static int end(int[] pattern, int open) {
        int at = open + 1;
        if (at < pattern.length && pattern[at] == '^') {
            at++;
        }
        for (at++; at < pattern.length; at++) {
            if (pattern[at] == ']') {
                return at;
            }
        }
        return -1;
    }

    private static IntPredicate set(int[] inside) {
        boolean not = inside[0] == '^';
        return one -> {
            for (int i = not ? 1 : 0; i < inside.length; i++) {
                boolean range = i + 2 < inside.length && inside[i + 1] == '-';
                if (one >= inside[i] && one <= (range ? inside[i + 2] : inside[i])) {
                    return !not;
                }
                i += range ? 2 : 0;
            }
            return not;
        };
    }
}
