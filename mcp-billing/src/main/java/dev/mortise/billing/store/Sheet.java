package dev.mortise.billing.store;

import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch may change of one tenant and meter, while a transaction holds its lock: the totals, the windows in which its
 * entries are, and what the batch's replica holds of those. Not thread-safe.
 */
final class Sheet {
    /** A window, and what becomes of it. */
    static final class Line {
        final Window window;
        private final long used;
        private final long leased;
        private final @Nullable Long held;
        private long more;
        private long less;

        /** @param held by the batch's replica; {@code null} if that is nothing, and was nothing */
        Line(Window window, long used, long leased, @Nullable Long held) {
            this.window = window;
            this.used = used;
            this.leased = leased;
            this.held = held;
        }

        /** What was taken from the replica before, because it had not been heard of, is not taken twice. */
        void spend(long units) {
            less += held == null ? 0 : Math.min(held - less, units);
        }

        boolean isChanged() {
            return more != 0 || less != 0;
        }

        boolean isSpent() {
            return less != 0;
        }

        long held() {
            return held == null ? 0 : held - less;
        }

        WindowState state() {
            return new WindowState(window, used + more, Math.max(0, leased - less));
        }
    }

    /** Half of what a total may be. */
    private static final long ROOM = 1L << 62;

    final Pair pair;
    private long low = Long.MAX_VALUE;
    private long high = Long.MIN_VALUE;
    private @Nullable Totals totals;
    private final List<Line> lines = new ArrayList<>(2);

    Sheet(Pair pair) {
        this.pair = pair;
    }

    /** Windows with this instant are of interest. */
    void reach(long millis) {
        low = Math.min(low, millis);
        high = Math.max(high, millis);
    }

    /** The earliest instant of interest. */
    long low() {
        return low;
    }

    /** The latest. */
    long high() {
        return high;
    }

    /** Whether its account was found. */
    boolean isFound() {
        return totals != null;
    }

    void found(long debits, long credits, long position) {
        if (totals == null) {
            totals = new Totals(debits, credits, position);
        }
    }

    void found(Line line) {
        lines.add(line);
    }

    /** Whether its account was found, and whatever may be carried over to it still fits. */
    boolean hasRoom() {
        return totals != null && totals.debits() < ROOM;
    }

    Totals totals() {
        if (totals == null) {
            throw new IllegalStateException("The account of " + pair + " was not read");
        }
        return totals;
    }

    List<Line> lines() {
        return lines;
    }

    void spend(Window window, long units) {
        for (Line line : lines) {
            if (line.window.equals(window)) {
                line.spend(units);
            }
        }
    }

    void booked(Draft draft) {
        booked(draft.at, draft.change());
    }

    void booked(long at, long change) {
        for (Line line : lines) {
            if (line.window.contains(at)) {
                line.more += change;
            }
        }
    }
}
