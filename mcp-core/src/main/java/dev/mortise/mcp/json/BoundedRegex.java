package dev.mortise.mcp.json;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a schema that cannot be made to run for ever. The JDK's engine backtracks, so a short
 * pattern can take years on a short text; it reads its text through {@link CharSequence#charAt}, so the reads are
 * counted, and the check as a whole is given up when they are spent. A budget, not a clock: the same value
 * gets the same answer on a busy machine.
 */
final class BoundedRegex implements RegularExpression {
    private static final int LONGEST_PATTERN = 2_000;
    private static final long READS = 2_000_000;
    private static final int READS_PER_CHARACTER = 16;

    /**
     * The validator hands a regular expression nothing but the text, so the budget that all patterns of one
     * validation share can reach it only through the thread, for the length of that one call.
     */
    private static final ThreadLocal<@Nullable Budget> BUDGET = new ThreadLocal<>();

    private final Pattern pattern;

    private BoundedRegex(Pattern pattern) {
        this.pattern = pattern;
    }

    static BoundedRegex of(String regex) {
        if (regex.length() > LONGEST_PATTERN) {
            throw new InvalidSchema("A pattern is longer than " + LONGEST_PATTERN + " characters; shorten it");
        }
        try {
            return new BoundedRegex(Pattern.compile(RegularExpressions.replaceLongformCharacterProperties(
                    RegularExpressions.replaceDollarAnchors(regex))));
        } catch (PatternSyntaxException e) {
            throw new InvalidSchema("The pattern '" + regex + "' is not a regular expression: " + e.getDescription());
        }
    }

    /** Runs one validation under one budget. */
    static <T> T budgeted(Supplier<T> validation) {
        BUDGET.set(new Budget());
        try {
            return validation.get();
        } finally {
            BUDGET.remove();
        }
    }

    /**
     * Whether the pattern is found in the text.
     *
     * @throws Exhausted if that cannot be told within the budget
     */
    @Override
    public boolean matches(String text) {
        Budget shared = BUDGET.get();
        Budget budget = shared == null ? new Budget() : shared;
        budget.reads += (long) READS_PER_CHARACTER * text.length();
        try {
            return pattern.matcher(new CountedText(text, 0, text.length(), budget))
                    .find();
        } catch (StackOverflowError e) {
            // The engine recurses once for each repetition of a group. It holds no state that this could break.
            throw new Exhausted();
        }
    }

    /** Not an exception, because the library writes every one of those to the log, and values come from peers. */
    static final class Exhausted extends Error {
        private static final long serialVersionUID = 1L;

        Exhausted() {
            super("A pattern of the schema takes too long on this value", null, false, false);
        }
    }

    private static final class Budget {
        private long reads = READS;
    }

    private record CountedText(String text, int start, int end, Budget budget) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (--budget.reads < 0) {
                throw new Exhausted();
            }
            return text.charAt(start + index);
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new CountedText(text, start + from, start + to, budget);
        }

        @Override
        public String toString() {
            return text.substring(start, end);
        }
    }
}
