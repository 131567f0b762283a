package dev.mortise.security.limit;

import dev.mortise.mcp.store.StoreUnavailable;
import java.util.List;

/** Where it is counted what is used. Thread-safe; may block. */
public interface RateStore {
    /**
     * Takes from all of these windows, or from none.
     *
     * @param charges no window twice
     * @throws StoreUnavailable if it is not known whether anything was taken
     */
    Verdict take(List<Charge> charges);

    /**
     * What is to be taken from one window.
     *
     * @param window its name, which tells windows apart; always with the same rate
     * @param key whose: each key has a window of its own
     * @param cost at least 1
     */
    record Charge(String window, Rate rate, String key, long cost) {}

    /**
     * What came of it.
     *
     * @param standings of the windows in the order of the charges: after it, if it was admitted, and before it otherwise
     */
    record Verdict(boolean admitted, List<Standing> standings) {
        public Verdict {
            standings = List.copyOf(standings);
        }
    }

    /**
     * How a window stands.
     *
     * @param remaining units that could be taken at once
     * @param retryNanos how long until the charge would fit; 0 if it fits, or did
     */
    record Standing(long remaining, long retryNanos) {
        static Standing of(long step, long most, long debt, long cost, long nanosPerUnit) {
            long remaining = Math.max(0, (most - debt) / step);
            return new Standing(remaining, Math.max(0, debt + cost - most) * nanosPerUnit);
        }
    }
}
