package dev.mortise.billing.books;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The read side of a ledger, over entries in memory: for when the SQL of the ledger is not what a test is about. */
public final class MemoryUsage implements UsageReader {
    private record Key(String tenant, String meter) {}

    private final Map<Key, List<LedgerEntry>> entries = new ConcurrentHashMap<>();

    /** Books a change; a negative one is a reversal, or the fall of a level. */
    public LedgerEntry book(String tenant, String meter, long quantity, Instant at) {
        List<LedgerEntry> list = entries.computeIfAbsent(new Key(tenant, meter), key -> new CopyOnWriteArrayList<>());
        LedgerEntry entry = new LedgerEntry(
                tenant,
                meter,
                list.size() + 1L,
                "test",
                "e" + (list.size() + 1),
                quantity > 0 ? Account.USED : Account.SUPPLIED,
                quantity > 0 ? Account.SUPPLIED : Account.USED,
                Math.abs(quantity),
                at,
                at,
                false,
                "",
                "");
        list.add(entry);
        return entry;
    }

    private List<LedgerEntry> of(String tenant, String meter) {
        return entries.getOrDefault(new Key(tenant, meter), List.of());
    }

    private List<LedgerEntry> upTo(UsageQuery query) {
        return of(query.tenant(), query.meter()).stream()
                .filter(entry -> entry.position() > query.after() && entry.position() <= query.through())
                .toList();
    }

    private static boolean isIn(UsageQuery query, LedgerEntry entry) {
        return !entry.at().isBefore(query.from()) && entry.at().isBefore(query.to());
    }

    @Override
    public long position(String tenant, String meter) {
        return of(tenant, meter).size();
    }

    @Override
    public long balance(String tenant, String meter) {
        return of(tenant, meter).stream().mapToLong(LedgerEntry::quantity).sum();
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        List<LedgerEntry> in =
                upTo(query).stream().filter(entry -> isIn(query, entry)).toList();
        return new CounterUsage(
                in.stream().mapToLong(LedgerEntry::quantity).sum(), in.size(), position(query.tenant(), query.meter()));
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        List<LedgerEntry> all = new ArrayList<>(upTo(query));
        all.sort(Comparator.comparing(LedgerEntry::at).thenComparing(LedgerEntry::position));
        long level = 0;
        for (LedgerEntry entry : all) {
            if (entry.at().isBefore(query.from())) {
                level += entry.quantity();
            }
        }
        long opening = level;
        long peak = level;
        BigInteger area = BigInteger.ZERO;
        Instant from = query.from();
        for (LedgerEntry entry : all) {
            if (isIn(query, entry)) {
                area = area.add(area(level, from, entry.at()));
                from = entry.at();
                level += entry.quantity();
                peak = Math.max(peak, level);
            }
        }
        area = area.add(area(level, from, query.to()));
        return new GaugeUsage(
                opening,
                level,
                peak,
                area,
                Duration.between(query.from(), query.to()),
                position(query.tenant(), query.meter()));
    }

    private static BigInteger area(long level, Instant from, Instant to) {
        return BigInteger.valueOf(level)
                .multiply(BigInteger.valueOf(Duration.between(from, to).toMillis()));
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        return upTo(query).stream()
                .filter(entry -> isIn(query, entry))
                .limit(limit)
                .toList();
    }

    @Override
    public List<String> metersOf(String tenant) {
        return entries.keySet().stream()
                .filter(key -> key.tenant().equals(tenant))
                .map(Key::meter)
                .sorted()
                .toList();
    }
}
