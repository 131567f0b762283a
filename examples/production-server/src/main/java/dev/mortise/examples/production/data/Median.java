package dev.mortise.examples.production.data;

import java.sql.SQLException;
import java.util.Arrays;
import org.sqlite.Function;

/** The median of numbers, which is sorted without recursion, whatever order they come in. */
final class Median extends Function.Aggregate {
    private static final int NULL = 5;
    private static final int MOST = 2_000_000;

    // Cloned for each group before the first value, so the array is made then.
    private double[] values = new double[0];
    private int count;

    @Override
    protected void xStep() throws SQLException {
        if (value_type(0) == NULL) {
            return;
        }
        if (count == MOST) {
            error("more than " + MOST + " values for a median");
            return;
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.min(MOST, Math.max(16, count * 2)));
        }
        values[count++] = value_double(0);
    }

    @Override
    protected void xFinal() throws SQLException {
        if (count == 0) {
            result();
            return;
        }
        Arrays.sort(values, 0, count);
        result((values[(count - 1) / 2] + values[count / 2]) / 2);
    }
}
