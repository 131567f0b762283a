package dev.mortise.security.limit;

import dev.mortise.mcp.resilience.Ticker;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts in this process. Its memory is bounded, some 24 bytes for each key and window that it has room for, and reserved
 * when a window is first used; a flood of keys cannot exceed it, and cannot make it forget either: keys for which there
 * is no room share what is left, and may be refused earlier than they should. Strict: never one too many.
 */
public final class MemoryRateStore implements RateStore {
    private static final int CAPACITY = 65_536;

    private final ConcurrentHashMap<String, CellTable> tables = new ConcurrentHashMap<>();
    private final SipHash hash = SipHash.random();
    private final int capacity;
    private final Ticker ticker;

    public MemoryRateStore() {
        this(CAPACITY, Ticker.system());
    }

    /**
     * A store with its size.
     *
     * @param capacity keys of each window, rounded up to a power of two; at least 512
     */
    public MemoryRateStore(int capacity, Ticker ticker) {
        if (capacity < 1 || capacity > 1 << 26) {
            throw new IllegalArgumentException("A capacity is 1 to " + (1 << 26) + " keys, not " + capacity);
        }
        this.capacity = capacity;
        this.ticker = ticker;
    }

    @Override
    public Verdict take(List<Charge> charges) {
        long now = ticker.nanos();
        if (charges.size() == 1) {
            Charge charge = charges.getFirst();
            CellTable table = table(charge.window(), now);
            long print = table.print(charge.key());
            CellTable.Stripe stripe = table.stripe(print);
            stripe.lock.lock();
            try {
                return one(charge, stripe, print, now);
            } finally {
                stripe.lock.unlock();
            }
        }
        return all(charges, now);
    }

    private CellTable table(String window, long now) {
        CellTable table = tables.get(window);
        return table != null ? table : tables.computeIfAbsent(window, name -> new CellTable(capacity, hash, now));
    }

    private static Verdict one(Charge charge, CellTable.Stripe stripe, long print, long now) {
        long step = charge.rate().step(1_000_000_000);
        long most = charge.rate().burst() * step;
        long cost = cost(charge, step);
        long debt = Math.min(stripe.debt(print, now), most);
        boolean admitted = debt + cost <= most;
        if (admitted) {
            debt += cost;
            stripe.set(print, now + debt, now);
        }
        return new Verdict(admitted, List.of(Standing.of(step, most, debt, admitted ? 0 : cost, 1)));
    }

    /** What the charge would add, so that what can never fit does not overflow either. */
    private static long cost(Charge charge, long step) {
        return Math.min(charge.cost(), charge.rate().burst() + 1) * step;
    }

    private Verdict all(List<Charge> charges, long now) {
        int count = charges.size();
        long[] prints = new long[count];
        CellTable.Stripe[] stripes = new CellTable.Stripe[count];
        for (int i = 0; i < count; i++) {
            CellTable table = table(charges.get(i).window(), now);
            prints[i] = table.print(charges.get(i).key());
            stripes[i] = table.stripe(prints[i]);
        }
        CellTable.Stripe[] ordered = stripes.clone();
        // Everybody in the same order, so that nobody waits for somebody who waits for him.
        Arrays.sort(ordered);
        int locked = 0;
        try {
            for (CellTable.Stripe stripe : ordered) {
                stripe.lock.lock();
                locked++;
            }
            return allLocked(charges, stripes, prints, now);
        } finally {
            while (locked > 0) {
                ordered[--locked].lock.unlock();
            }
        }
    }

    private static Verdict allLocked(List<Charge> charges, CellTable.Stripe[] stripes, long[] prints, long now) {
        int count = charges.size();
        long[] debts = new long[count];
        boolean admitted = true;
        for (int i = 0; i < count; i++) {
            Charge charge = charges.get(i);
            long step = charge.rate().step(1_000_000_000);
            long most = charge.rate().burst() * step;
            debts[i] = Math.min(stripes[i].debt(prints[i], now), most);
            admitted &= debts[i] + cost(charge, step) <= most;
        }
        Standing[] standings = new Standing[count];
        for (int i = 0; i < count; i++) {
            Charge charge = charges.get(i);
            long step = charge.rate().step(1_000_000_000);
            long cost = cost(charge, step);
            if (admitted) {
                debts[i] += cost;
                stripes[i].set(prints[i], now + debts[i], now);
            }
            standings[i] = Standing.of(step, charge.rate().burst() * step, debts[i], admitted ? 0 : cost, 1);
        }
        return new Verdict(admitted, List.of(standings));
    }
}
