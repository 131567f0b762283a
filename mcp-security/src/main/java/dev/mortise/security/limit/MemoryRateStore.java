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
    private static final Verdict ADMITTED = new Verdict(true, List.of());

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
        return take(charges, true);
    }

    /** @param told whether the standings are wanted also of what is admitted */
    Verdict take(List<Charge> charges, boolean told) {
        if (charges.size() == 1) {
            Charge charge = charges.getFirst();
            CellTable table = table(charge);
            CellTable.Pace pace = table.pace(charge.rate());
            long print = table.print(charge.key());
            CellTable.Stripe stripe = table.stripe(print);
            stripe.lock.lock();
            try {
                return one(charge, pace, stripe, print, ticker.nanos());
            } finally {
                stripe.lock.unlock();
            }
        }
        return all(charges, told);
    }

    private CellTable table(Charge charge) {
        CellTable table = tables.get(charge.window());
        return table != null
                ? table
                : tables.computeIfAbsent(
                        charge.window(), name -> new CellTable(capacity, hash, charge.rate(), ticker.nanos()));
    }

    private static Verdict one(Charge charge, CellTable.Pace pace, CellTable.Stripe stripe, long print, long now) {
        long cost = pace.cost(charge.cost());
        long debt = Math.min(stripe.debt(print, now), pace.most());
        boolean admitted = debt + cost <= pace.most();
        if (admitted) {
            debt += cost;
            stripe.set(print, now + debt, now);
        }
        return new Verdict(admitted, List.of(Standing.of(pace.step(), pace.most(), debt, admitted ? 0 : cost, 1)));
    }

    private Verdict all(List<Charge> charges, boolean told) {
        int count = charges.size();
        long[] prints = new long[count];
        CellTable.Stripe[] stripes = new CellTable.Stripe[count];
        for (int i = 0; i < count; i++) {
            CellTable table = table(charges.get(i));
            prints[i] = print(table, charges, prints, i);
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
            // What time it is is asked under the locks: whoever waited for them long must not find that others took
            // what
            // he believes to be of the future, and be refused for it.
            return allLocked(charges, stripes, prints, ticker.nanos(), told);
        } finally {
            while (locked > 0) {
                ordered[--locked].lock.unlock();
            }
        }
    }

    /** The windows of one limit have the same key: the hash is taken once. */
    private static long print(CellTable table, List<Charge> charges, long[] prints, int i) {
        String key = charges.get(i).key();
        return i > 0 && charges.get(i - 1).key().equals(key) ? prints[i - 1] : table.print(key);
    }

    private static Verdict allLocked(
            List<Charge> charges, CellTable.Stripe[] stripes, long[] prints, long now, boolean told) {
        int count = charges.size();
        long[] debts = new long[count];
        boolean admitted = true;
        for (int i = 0; i < count; i++) {
            CellTable.Pace pace = stripes[i].pace(charges.get(i).rate());
            debts[i] = Math.min(stripes[i].debt(prints[i], now), pace.most());
            admitted &= debts[i] + pace.cost(charges.get(i).cost()) <= pace.most();
        }
        if (admitted) {
            for (int i = 0; i < count; i++) {
                debts[i] += stripes[i]
                        .pace(charges.get(i).rate())
                        .cost(charges.get(i).cost());
                stripes[i].set(prints[i], now + debts[i], now);
            }
            if (!told) {
                return ADMITTED;
            }
        }
        Standing[] standings = new Standing[count];
        for (int i = 0; i < count; i++) {
            CellTable.Pace pace = stripes[i].pace(charges.get(i).rate());
            long cost = admitted ? 0 : pace.cost(charges.get(i).cost());
            standings[i] = Standing.of(pace.step(), pace.most(), debts[i], cost, 1);
        }
        return new Verdict(admitted, List.of(standings));
    }
}
