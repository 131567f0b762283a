package dev.mortise.billing.money;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Plain decimal numbers: no exponent, no sign but a minus, at most 18 digits before the point and 12 behind it. */
final class Decimals {
    static final int MAX_SCALE = 12;

    private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1," + MAX_SCALE + "})?");

    private Decimals() {}

    static BigDecimal parse(String text) {
        if (!PLAIN.matcher(text).matches()) {
            throw new InvalidAmount("A number has at most 18 digits before the point and " + MAX_SCALE
                    + " behind it, not: " + quoted(text));
        }
        return new BigDecimal(text);
    }

    private static String quoted(String text) {
        return '"' + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + '"';
    }
}
