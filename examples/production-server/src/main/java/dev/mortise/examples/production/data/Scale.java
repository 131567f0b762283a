package dev.mortise.examples.production.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The numbers at an axis: round ones, a handful, around all values. */
record Scale(double least, double most, double step) {
    static Scale over(double least, double most) {
        double span = most > least ? most - least : Math.max(1, Math.abs(most));
        double rough = span / 5;
        double magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = magnitude;
        for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
            step = factor * magnitude;
            if (step >= rough) {
                break;
            }
        }
        double low = Math.floor(least / step) * step;
        double high = Math.ceil(most / step) * step;
        return new Scale(low, high > low ? high : low + step, step);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i <= Math.round((most - least) / step) && i <= 20; i++) {
            ticks.add(least + i * step);
        }
        return ticks;
    }

    /** With as many digits as tell it from the next. */
    String label(double tick) {
        // Steps are 1, 2, 2.5 or 5 times a power of ten.
        BigDecimal precise = new BigDecimal(step).round(new MathContext(2)).stripTrailingZeros();
        double largest = Math.max(Math.abs(least), Math.abs(most));
        if (largest >= 1e9 || largest < 1e-3) {
            int digits = (int) Math.floor(Math.log10(largest)) + precise.scale();
            return String.format(Locale.ROOT, "%." + Math.clamp(digits, 0, 15) + "e", tick);
        }
        BigDecimal shown = new BigDecimal(tick).setScale(Math.max(0, precise.scale()), RoundingMode.HALF_UP);
        // Rounding of what is added up may leave a zero with a minus.
        return shown.signum() == 0 ? "0" : shown.toPlainString();
    }

    /** 0 at the least, 1 at the most. */
    double share(double value) {
        return (value - least) / (most - least);
    }
}
