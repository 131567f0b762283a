package dev.mortise.examples.production.time;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Converts between units of one quantity. */
final class Units {
    private static final MathContext PRECISION = new MathContext(30, RoundingMode.HALF_EVEN);
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_EVEN);

    /** Which begin with an m that is no prefix. */
    private static final Set<String> WORDS = Set.of("mi", "min", "mph");

    private Units() {}

    static BigDecimal convert(BigDecimal value, String from, String to) throws CannotAnswer {
        Quantity quantity = quantity(from);
        if (quantity(to) != quantity) {
            throw new CannotAnswer(ToolText.OTHER_QUANTITY, from, measure(quantity), to, measure(quantity(to)));
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

    /** As the unit is listed. */
    static String sign(String name) throws CannotAnswer {
        return unit(name).orElseThrow(() -> unknown(name));
    }

    private static CannotAnswer unknown(String name) {
        return new CannotAnswer(
                ToolText.NO_UNIT,
                name,
                Arrays.stream(Quantity.values())
                        .flatMap(quantity -> quantity.units().keySet().stream())
                        .collect(Collectors.joining(", ")));
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
        String unit = sign(name);
        return Arrays.stream(Quantity.values())
                .filter(quantity -> quantity.units().containsKey(unit))
                .findFirst()
                .orElseThrow();
    }

    /** The unit as it is listed: by its sign, or its name, or else whatever the case of its letters, if only one is meant. */
    private static Optional<String> unit(String name) {
        String asked = name.strip().replace('²', '2').replace('³', '3');
        for (Quantity quantity : Quantity.values()) {
            if (quantity.units().containsKey(asked)) {
                return Optional.of(asked);
            }
        }
        Optional<String> named = UnitNames.unit(asked);
        if (named.isPresent()) {
            return named;
        }
        var alike = Arrays.stream(Quantity.values())
                .flatMap(quantity -> quantity.units().keySet().stream())
                .filter(unit -> unit.equalsIgnoreCase(asked) && !isOtherPrefix(asked, unit))
                .toList();
        // One letter is too little to tell a byte from a bit.
        return alike.size() == 1 && asked.length() > 1 ? Optional.of(alike.getFirst()) : Optional.empty();
    }

    /** A milliwatt is not a megawatt; that a word is written with a capital letter means nothing. */
    private static boolean isOtherPrefix(String asked, String unit) {
        return (asked.startsWith("m") || asked.startsWith("M"))
                && asked.substring(1).equals(unit.substring(1))
                && !WORDS.contains(unit);
    }

    /** What a quantity is called, in the language of whoever reads it. */
    private static ToolText measure(Quantity quantity) {
        return ToolText.valueOf(quantity.name());
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
                                : "/" + unit.getValue().denominator())
                        + names(unit.getKey()))
                .collect(Collectors.joining("\n", "# " + name(quantity) + "\n\n", "\n"));
    }

    private static String names(String unit) {
        List<String> names = UnitNames.of(unit);
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }
}
