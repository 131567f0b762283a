package dev.mortise.benchmarks.billing;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Takes every entry at once and forgets it: what is left is what a reservation costs in the process. Thread-safe. */
final class MemoryLedger implements LedgerStore {
    private static final List<Booking> BOOKED = List.of(new Booking.Booked(1));

    private final AtomicLong entries = new AtomicLong();
    private final Durability promise;

    /** @param promise what it claims, though it keeps nothing: where it is more than {@code BUFFERED}, calls wait */
    MemoryLedger(Durability promise) {
        this.promise = promise;
    }

    /** How many entries have come so far. */
    long entries() {
        return entries.get();
    }

    @Override
    public Durability durability() {
        return promise;
    }

    @Override
    public void join(String id, Duration ttl) {}

    @Override
    public boolean renew(String id, Duration ttl) {
        return true;
    }

    @Override
    public void leave(String id) {}

    @Override
    public Appended append(Batch batch) {
        entries.addAndGet(batch.posts().size());
        return new Appended.Done(Collections.nCopies(batch.posts().size(), BOOKED.getFirst()), List.of());
    }

    @Override
    public WindowState look(Window window) {
        return new WindowState(window, 0, 0);
    }

    @Override
    public Leased lease(String replica, Window window, long limit, long need, long want) {
        return new Leased.Granted(want, new WindowState(window, 0, want));
    }

    @Override
    public boolean reached(Threshold threshold) {
        return false;
    }

    @Override
    public List<Threshold> untold(Duration claim, int limit) {
        return List.of();
    }

    @Override
    public void told(Threshold threshold) {}

    @Override
    public List<Discrepancy> verify() {
        return List.of();
    }

    @Override
    public void rebuild(String tenant, String meter) {}

    @Override
    public long position(String tenant, String meter) {
        return entries.get();
    }

    @Override
    public long balance(String tenant, String meter) {
        return entries.get();
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        return new CounterUsage(entries.get(), entries.get(), entries.get());
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        throw new UnsupportedOperationException("Nothing here follows a level");
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        return List.of();
    }

    @Override
    public List<String> metersOf(String tenant) {
        return List.of();
    }

    @Override
    public void close() {}
}
