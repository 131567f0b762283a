package dev.mortise.examples.production.data;

import java.util.ArrayList;
import java.util.List;

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

    /** 0 at the least, 1 at the most. */
    double share(double value) {
        return (value - least) / (most - least);
    }
}
