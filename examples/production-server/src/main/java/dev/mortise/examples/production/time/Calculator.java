package dev.mortise.examples.production.time;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Works out an arithmetic expression in decimal numbers. What a decimal number of 2,000 digits can hold is exact, quotients
 * and roots too; the rest is rounded to 50 digits, and {@link Result#exact} says so. Length, depth, and the digits of every intermediate result are bounded, so that
 * no expression takes long. Of use once, by one thread.
 */
final class Calculator {
    private static final MathContext PRECISION = new MathContext(50, RoundingMode.HALF_EVEN);
    private static final Pattern GROUPED = Pattern.compile("[0-9],[0-9]{3}(?![0-9])");
    // Nobody writes a number of its own as 000 or 050, and whoever puts spaces between values does so everywhere.
    private static final Pattern MEANT = Pattern.compile("[0-9],0[0-9]{2}(?![0-9])|,\\s");
    private static final int DEEPEST = 60;
    private static final int MOST_DIGITS = 2_000;
    private static final int MOST_ARGUMENTS = 500;

    private final String text;
    private int position;
    private int depth;
    private boolean exact = true;

    private Calculator(String text) {
        this.text = text;
    }

    /** A result, and whether nothing was rounded on the way. */
    record Result(BigDecimal value, boolean exact) {}

    static Result calculate(String expression) throws CannotAnswer {
        if (GROUPED.matcher(expression).find() && MEANT.matcher(expression).find()) {
            throw new CannotAnswer(ToolText.COMMA_GROUPS);
        }
        Calculator calculator = new Calculator(expression);
        BigDecimal value = calculator.sum();
        if (calculator.peek() != 0) {
            throw calculator.unexpected();
        }
        return new Result(value, calculator.exact);
    }

    private BigDecimal sum() throws CannotAnswer {
        BigDecimal value = product();
        while (true) {
            char operator = peek();
            if (operator != '+' && operator != '-' && operator != '−') {
                return value;
            }
            position++;
            BigDecimal right = product();
            value = bounded(operator == '+' ? value.add(right) : value.subtract(right));
        }
    }

    private BigDecimal product() throws CannotAnswer {
        BigDecimal value = signed();
        while (true) {
            char operator = peek();
            switch (operator) {
                case '*', '×', '·' -> {
                    position++;
                    value = bounded(value.multiply(signed()));
                }
                case '/', '÷' -> {
                    position++;
                    value = divided(value, signed());
                }
                case '%' -> {
                    position++;
                    BigDecimal right = signed();
                    requireDivisor(right);
                    value = value.remainder(right);
                }
                default -> {
                    return value;
                }
            }
        }
    }

    private BigDecimal signed() throws CannotAnswer {
        if (++depth > DEEPEST) {
            throw new CannotAnswer(ToolText.TOO_DEEP, DEEPEST);
        }
        try {
            char sign = peek();
            if (sign == '-' || sign == '−') {
                position++;
                return signed().negate();
            }
            if (sign == '+') {
                position++;
                return signed();
            }
            BigDecimal base = primary();
            if (peek() != '^') {
                return base;
            }
            position++;
            return power(base, signed());
        } finally {
            depth--;
        }
    }

    private BigDecimal primary() throws CannotAnswer {
        char next = peek();
        if (next == '(') {
            position++;
            BigDecimal value = sum();
            expect(')');
            return value;
        }
        if (isDigit(next) || next == '.') {
            return number();
        }
        if (Character.isLetter(next)) {
            return named();
        }
        throw unexpected();
    }

    private BigDecimal number() throws CannotAnswer {
        int start = position;
        while (position < text.length()
                && (isDigit(text.charAt(position)) || "._".indexOf(text.charAt(position)) >= 0)) {
            position++;
        }
        if (text.substring(position).matches("(?s)[eE][+-]?\\d{1,3}(?!\\w).*")) {
            position += text.substring(position)
                    .replaceAll("(?s)^([eE][+-]?\\d{1,3}).*", "$1")
                    .length();
        }
        try {
            return bounded(new BigDecimal(text.substring(start, position).replace("_", "")));
        } catch (NumberFormatException e) {
            throw new CannotAnswer(ToolText.NO_NUMBER, text.substring(start, position));
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private BigDecimal named() throws CannotAnswer {
        int start = position;
        while (position < text.length() && Character.isLetterOrDigit(text.charAt(position))) {
            position++;
        }
        String name = text.substring(start, position).toLowerCase(Locale.ROOT);
        if (peek() != '(') {
            exact = false;
            return switch (name) {
                case "pi" -> new BigDecimal("3.1415926535897932384626433832795028841971693993751");
                case "e" -> new BigDecimal("2.7182818284590452353602874713526624977572470937000");
                default -> throw new CannotAnswer(ToolText.NO_VALUE, name);
            };
        }
        List<BigDecimal> arguments = arguments();
        return function(name, arguments);
    }

    private List<BigDecimal> arguments() throws CannotAnswer {
        expect('(');
        List<BigDecimal> arguments = new ArrayList<>();
        if (peek() == ')') {
            position++;
            return arguments;
        }
        while (true) {
            arguments.add(sum());
            if (arguments.size() > MOST_ARGUMENTS) {
                throw new CannotAnswer(ToolText.TOO_MANY_VALUES, MOST_ARGUMENTS);
            }
            if (peek() == ',' || peek() == ';') {
                position++;
            } else {
                expect(')');
                return arguments;
            }
        }
    }

    private BigDecimal function(String name, List<BigDecimal> values) throws CannotAnswer {
        BigDecimal first = values.isEmpty() ? BigDecimal.ZERO : values.getFirst();
        return switch (name + "/" + Math.min(values.size(), 2)) {
            case "abs/1" -> first.abs();
            case "sqrt/1" -> root(first);
            case "floor/1" -> first.setScale(0, RoundingMode.FLOOR);
            case "ceil/1" -> first.setScale(0, RoundingMode.CEILING);
            case "round/1" -> first.setScale(0, RoundingMode.HALF_UP);
            case "round/2" -> first.setScale(whole(values.get(1), 0, 50), RoundingMode.HALF_UP);
            case "factorial/1" -> factorial(whole(first, 0, 500));
            case "sum/1", "sum/2" -> bounded(values.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
            case "avg/1", "avg/2" ->
                divided(values.stream().reduce(BigDecimal.ZERO, BigDecimal::add), BigDecimal.valueOf(values.size()));
            case "min/1", "min/2" -> values.stream().min(BigDecimal::compareTo).orElseThrow();
            case "max/1", "max/2" -> values.stream().max(BigDecimal::compareTo).orElseThrow();
            default -> throw new CannotAnswer(ToolText.NO_FUNCTION, name, values.size());
        };
    }

    private BigDecimal root(BigDecimal value) throws CannotAnswer {
        if (value.signum() < 0) {
            throw new CannotAnswer(ToolText.NO_REAL_ROOT);
        }
        BigDecimal root = value.sqrt(PRECISION);
        if (root.multiply(root).compareTo(value) != 0) {
            try {
                return value.sqrt(MathContext.UNLIMITED);
            } catch (ArithmeticException e) {
                exact = false;
            }
        }
        return root;
    }

    private BigDecimal factorial(int of) {
        BigInteger product = BigInteger.ONE;
        for (int i = 2; i <= of; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return new BigDecimal(product);
    }

    private BigDecimal power(BigDecimal base, BigDecimal exponent) throws CannotAnswer {
        if (exponent.stripTrailingZeros().scale() > 0) {
            if (exponent.compareTo(new BigDecimal("0.5")) == 0) {
                return root(base);
            }
            throw new CannotAnswer(ToolText.WHOLE_EXPONENTS);
        }
        int power = whole(exponent, -10_000, 10_000);
        if ((long) base.unscaledValue().bitLength() * Math.abs(power) > MOST_DIGITS * 4L
                || (long) Math.abs(base.scale()) * Math.abs(power) > MOST_DIGITS) {
            throw tooLong();
        }
        BigDecimal raised = bounded(base.pow(Math.abs(power)));
        return power >= 0 ? raised : divided(BigDecimal.ONE, raised);
    }

    private BigDecimal divided(BigDecimal value, BigDecimal by) throws CannotAnswer {
        requireDivisor(by);
        BigDecimal quotient = value.divide(by, PRECISION);
        if (quotient.multiply(by).compareTo(value) != 0) {
            try {
                BigDecimal whole = value.divide(by);
                if (fits(whole)) {
                    return whole;
                }
                exact = false;
            } catch (ArithmeticException e) {
                exact = false;
            }
        }
        return quotient;
    }

    private static void requireDivisor(BigDecimal by) throws CannotAnswer {
        if (by.signum() == 0) {
            throw new CannotAnswer(ToolText.BY_ZERO);
        }
    }

    private static int whole(BigDecimal value, int least, int most) throws CannotAnswer {
        if (value.stripTrailingZeros().scale() > 0
                || value.compareTo(BigDecimal.valueOf(least)) < 0
                || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw new CannotAnswer(ToolText.WHOLE_NUMBER_NEEDED, least, most);
        }
        return value.intValueExact();
    }

    private static BigDecimal bounded(BigDecimal value) throws CannotAnswer {
        if (!fits(value)) {
            throw tooLong();
        }
        return value;
    }

    private static boolean fits(BigDecimal value) {
        return value.precision() <= MOST_DIGITS && Math.abs((long) value.scale()) <= MOST_DIGITS;
    }

    private static CannotAnswer tooLong() {
        return new CannotAnswer(ToolText.TOO_MANY_DIGITS, MOST_DIGITS);
    }

    private char peek() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : 0;
    }

    private void expect(char wanted) throws CannotAnswer {
        if (peek() != wanted) {
            throw unexpected();
        }
        position++;
    }

    private CannotAnswer unexpected() {
        return position >= text.length()
                ? new CannotAnswer(ToolText.ENDS_EARLY)
                : new CannotAnswer(ToolText.UNEXPECTED, text.charAt(position), position + 1);
    }
}
