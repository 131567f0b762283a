package dev.mortise.security.limit;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Until when the keys of one window have used up what they took: one time for each key, in memory of a fixed size.
 *
 * <p>A key has a cell of its own as long as there is room among the few places that its hash allows. A time that has
 * passed says nothing, so its cell is free. When a flood of keys leaves no room, nothing is evicted, which would forgive
 * what was used: a key without a cell uses {@value #ROWS} shared ones, and the earliest of their times counts for it.
 * That can only be later than its own, so that no key ever gets too much; under a flood newcomers may get too little.
 *
 * <p>Times are nanoseconds of a ticker. The hash is keyed, so that nobody can aim at another's cell.
 */
final class CellTable {
    static final int WAYS = 8;
    static final int ROWS = 4;

    private static final int STRIPES = 64;
    private static final AtomicLong IDS = new AtomicLong();

    /** Tables are locked in the order of their ids. */
    final long id = IDS.incrementAndGet();

    private final SipHash hash;
    private final Stripe[] stripes;
    private volatile Pace pace;

    /**
     * A rate in nanoseconds. Working it out takes divisions, and a window nearly always has the same rate.
     *
     * @param step how long a unit takes to come back
     * @param most the longest that may be used up ahead
     */
    record Pace(Rate rate, long step, long most) {
        static Pace of(Rate rate) {
            long step = rate.step(1_000_000_000);
            return new Pace(rate, step, rate.burst() * step);
        }

        /** What a charge would add, so that what can never fit does not overflow either. */
        long cost(long units) {
            return Math.min(units, rate.burst() + 1) * step;
        }
    }

    /** @param capacity keys with a cell of their own, at most; rounded up to a power of two of at least 512 */
    CellTable(int capacity, SipHash hash, Rate rate, long now) {
        this.hash = hash;
        this.pace = Pace.of(rate);
        int buckets = Math.max(1, Integer.highestOneBit(Math.max(1, capacity - 1)) * 2 / (STRIPES * WAYS));
        this.stripes = new Stripe[STRIPES];
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(this, i, buckets, now);
        }
    }

    Pace pace(Rate rate) {
        Pace last = pace;
        if (last.rate().equals(rate)) {
            return last;
        }
        // While a shared store is gone, a window has a part of its rate.
        Pace next = Pace.of(rate);
        pace = next;
        return next;
    }

    /** The fingerprint of a key, never 0. */
    long print(String key) {
        long print = hash.hash(key);
        return print == 0 ? 1 : print;
    }

    Stripe stripe(long print) {
        return stripes[(int) (print >>> 58)];
    }

    /** A part of a table under a lock of its own. Everything but the lock is used by its holder only. */
    static final class Stripe implements Comparable<Stripe> {
        private static final long[] SPREAD = {
            0x9e3779b97f4a7c15L, 0xbf58476d1ce4e5b9L, 0x94d049bb133111ebL, 0xd6e8feb86659fd93L
        };

        final ReentrantLock lock = new ReentrantLock();

        private final CellTable table;
        private final int index;
        private final long[] prints;
        private final long[] times;
        private final long[][] shared;
        private final int sharedBits;
        private long sharedUntil;

        private Stripe(CellTable table, int index, int buckets, long now) {
            this.table = table;
            this.index = index;
            this.prints = new long[buckets * WAYS];
            this.times = new long[buckets * WAYS];
            int width = Math.clamp(buckets * 2L, 16, 256);
            this.sharedBits = Integer.numberOfTrailingZeros(Integer.highestOneBit(width));
            this.shared = new long[ROWS][1 << sharedBits];
            for (long[] row : shared) {
                Arrays.fill(row, now);
            }
            this.sharedUntil = now;
        }

        Pace pace(Rate rate) {
            return table.pace(rate);
        }

        /** How long from now until what the key took is used up; 0 if it is. */
        long debt(long print, long now) {
            int own = find(print);
            return Math.max(0, (own >= 0 ? times[own] : estimate(print, now)) - now);
        }

        /** @param until when what the key has taken will be used up */
        void set(long print, long until, long now) {
            int at = find(print);
            if (at < 0) {
                at = free(print, now);
            }
            if (at >= 0) {
                prints[at] = print;
                times[at] = until;
                return;
            }
            for (int row = 0; row < ROWS; row++) {
                int cell = cell(row, print);
                if (until - shared[row][cell] > 0) {
                    shared[row][cell] = until;
                }
            }
            if (until - sharedUntil > 0) {
                sharedUntil = until;
            }
        }

        private long estimate(long print, long now) {
            if (sharedUntil - now <= 0) {
                return now;
            }
            long earliest = shared[0][cell(0, print)];
            for (int row = 1; row < ROWS; row++) {
                long time = shared[row][cell(row, print)];
                if (time - earliest < 0) {
                    earliest = time;
                }
            }
            return earliest;
        }

        private int cell(int row, long print) {
            return (int) ((print * SPREAD[row]) >>> (64 - sharedBits));
        }

        private int first(long print) {
            return (int) (print & (prints.length / WAYS - 1)) * WAYS;
        }

        private int find(long print) {
            int first = first(print);
            for (int i = first; i < first + WAYS; i++) {
                if (prints[i] == print) {
                    return i;
                }
            }
            return -1;
        }

        private int free(long print, long now) {
            int first = first(print);
            for (int i = first; i < first + WAYS; i++) {
                if (prints[i] == 0 || times[i] - now <= 0) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public int compareTo(Stripe other) {
            int byTable = Long.compare(table.id, other.table.id);
            return byTable != 0 ? byTable : Integer.compare(index, other.index);
        }
    }
}
