package dev.mortise.examples.production.time;

import dev.mortise.examples.production.tool.CannotAnswer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Converts between units of one quantity. */
final class Units {
    private static final MathContext PRECISION = new MathContext(30, RoundingMode.HALF_EVEN);
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_EVEN);

    private Units() {}

    static BigDecimal convert(BigDecimal value, String from, String to) throws CannotAnswer {
        Quantity quantity = quantity(from);
        if (quantity(to) != quantity) {
            throw new CannotAnswer(
                    from + " measures " + name(quantity) + ", but " + to + " measures " + name(quantity(to)) + ".");
        }
        Quantity.Factor one = factor(quantity, from);
        Quantity.Factor other = factor(quantity, to);
        BigDecimal base = value.add(zero(from))
                .multiply(one.numerator())
                .multiply(other.denominator())
                .divide(one.denominator().multiply(other.numerator()), PRECISION);
        BigDecimal result = base.subtract(zero(to)).round(SHOWN).stripTrailingZeros();
        return result.scale() < 0 && result.precision() - result.scale() < 20 ? result.setScale(0) : result;
    }

    private static Quantity.Factor factor(Quantity quantity, String name) {
        return Objects.requireNonNull(quantity.units().get(unit(name).orElseThrow()));
    }

    /** How many of its own degrees a scale of temperature begins above absolute zero. */
    private static BigDecimal zero(String name) {
        return switch (unit(name).orElseThrow()) {
            case "°C" -> new BigDecimal("273.15");
            case "°F" -> new BigDecimal("459.67");
            default -> BigDecimal.ZERO;
        };
    }

    private static Quantity quantity(String name) throws CannotAnswer {
        String unit = unit(name)
                .orElseThrow(() -> new CannotAnswer("There is no unit \"" + name + "\". There are: "
                        + Arrays.stream(Quantity.values())
                                .flatMap(quantity -> quantity.units().keySet().stream())
                                .collect(Collectors.joining(", "))
                        + "."));
        return Arrays.stream(Quantity.values())
                .filter(quantity -> quantity.units().containsKey(unit))
                .findFirst()
                .orElseThrow();
    }

    /** The unit as it is listed: exactly, or else whatever the case of its letters, if only one is meant. */
    private static Optional<String> unit(String name) {
        String asked = switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "c", "celsius" -> "°C";
            case "f", "fahrenheit" -> "°F";
            case "kelvin" -> "K";
            default -> name.strip();
        };
        for (Quantity quantity : Quantity.values()) {
            if (quantity.units().containsKey(asked)) {
                return Optional.of(asked);
            }
        }
        var alike = Arrays.stream(Quantity.values())
                .flatMap(quantity -> quantity.units().keySet().stream())
                .filter(unit -> unit.equalsIgnoreCase(asked))
                .toList();
        // One letter is too little to tell a byte from a bit.
        return alike.size() == 1 && asked.length() > 1 ? Optional.of(alike.getFirst()) : Optional.empty();
    }

    static String name(Quantity quantity) {
        return quantity.name().toLowerCase(Locale.ROOT);
    }

    /** A list of the units of a quantity, for people. */
    static String page(Quantity quantity) {
        return quantity.units().entrySet().stream()
                .map(unit -> "- " + unit.getKey() + ": " + unit.getValue().numerator()
                        + (unit.getValue().denominator().compareTo(BigDecimal.ONE) == 0
                                ? ""
                                : "/" + unit.getValue().denominator()))
                .collect(Collectors.joining("\n", "# " + name(quantity) + "\n\n", "\n"));
    }
}
