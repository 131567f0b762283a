package dev.mortise.billing.ledger;

import dev.mortise.billing.meter.Meters;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What every tenant has used. Entries are added and never changed; each moves an amount between two accounts, so that
 * they always add up to zero. Thread-safe.
 *
 * <p>A method that books waits until that is as durable as the store promises. If it throws {@link StoreUnavailable} it
 * is not known whether something was booked: booking the same again is safe.
 */
public final class Ledger implements UsageReader {
    private final Journal journal;
    private final Events events;
    private final Clock clock;
    private final Duration timeout;

    /** @param timeout how long to wait for a booking */
    public Ledger(Journal journal, Meters meters, Clock clock, Duration timeout) {
        this.journal = journal;
        this.events = new Events(meters, clock);
        this.clock = clock;
        this.timeout = timeout;
    }

    /** Books an event, once. */
    public Booking record(UsageEvent event) {
        return record(List.of(event)).getFirst();
    }

    /**
     * Books events in one transaction, each once. What cannot be booked does not keep the others from it.
     *
     * @return one for each, in the same order
     */
    public List<Booking> record(List<UsageEvent> several) {
        List<Booking> bookings = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<Post> posts = new ArrayList<>();
        for (UsageEvent event : several) {
            Optional<Booking.Reason> objection = events.objection(event);
            if (objection.isEmpty()) {
                places.add(bookings.size());
                posts.add(new Post.Use(event, clock.instant()));
            }
            bookings.add(new Booking.Refused(objection.orElse(Booking.Reason.MALFORMED)));
        }
        if (!posts.isEmpty()) {
            List<Booking> booked = journal.post(posts, List.of()).await(timeout);
            for (int i = 0; i < booked.size(); i++) {
                bookings.set(places.get(i), booked.get(i));
            }
        }
        return bookings;
    }

    /**
     * Takes an entry back, wholly and once, by another entry at the same time of use. An entry that was taken back is
     * {@link Booking.Repeated}.
     *
     * @param actor who wants that; may be empty
     */
    public Booking reverse(String tenant, String source, String id, String actor) {
        if (!UsageEvent.isName(tenant) || !UsageEvent.isName(source) || !UsageEvent.isName(id)) {
            return new Booking.Refused(Booking.Reason.UNKNOWN_ENTRY);
        }
        Post reversal = new Post.Reverse(tenant, source, id, actor, clock.instant());
        return journal.post(List.of(reversal), List.of()).await(timeout).getFirst();
    }

    /** Compares all totals with the entries; empty if everything is right. */
    public List<LedgerStore.Discrepancy> verify() {
        return journal.store().verify();
    }

    /** Makes the totals of a tenant and meter anew from the entries. */
    public void rebuild(String tenant, String meter) {
        journal.store().rebuild(tenant, meter);
    }

    @Override
    public long position(String tenant, String meter) {
        return journal.store().position(tenant, meter);
    }

    @Override
    public long balance(String tenant, String meter) {
        return journal.store().balance(tenant, meter);
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        return journal.store().counted(query);
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        return journal.store().gauged(query);
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        return journal.store().entries(query, limit);
    }

    @Override
    public List<String> metersOf(String tenant) {
        return journal.store().metersOf(tenant);
    }
}
