package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.Held;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Posting;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.Meter;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Units that are held for something that is about to be done. It is resolved once: committed with what was used,
 * released, or, when neither happens in time, expired. Thread-safe.
 */
public final class Reservation {
    /** What has become of it. */
    public enum State {
        HELD,
        COMMITTED,
        RELEASED,
        EXPIRED
    }

    /** What came of committing. */
    public sealed interface Commit {
        /** @param bookings one for each meter, by its name */
        record Booked(Map<String, Booking> bookings) implements Commit {}

        /** It waits in memory to be booked: the store promises no more than that. */
        record Buffered() implements Commit {}

        /** It was resolved before; nothing was booked now. */
        record TooLate(State state) implements Commit {}
    }

    /** @param share that the units were taken from; {@code null} where there is no hard limit */
    record Line(String meter, long units, @Nullable Share share) {}

    private final Quotas quotas;
    private final Journal journal;
    private final String id;
    private final String tenant;
    private final String source;
    private final String item;
    private final String actor;
    private final Instant at;
    private final List<Line> lines;
    private final Map<String, Long> units;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private volatile long expiresAt;
    /** The meters in which it was booked; {@code null} as long as nobody has said: it may be any. */
    private volatile @Nullable Set<String> booked;

    private volatile boolean withheld;

    Reservation(Quotas quotas, String id, Request request, Instant at, List<Line> lines, long expiresAt) {
        this.quotas = quotas;
        this.journal = quotas.parts().journal();
        this.id = id;
        this.tenant = request.tenant();
        this.source = request.source();
        this.item = request.item();
        this.actor = request.actor();
        this.at = at;
        this.lines = List.copyOf(lines);
        this.units = units(lines);
        this.expiresAt = expiresAt;
    }

    /** Unguessable; the events that it becomes have this and the name of the meter as their id. */
    public String id() {
        return id;
    }

    public String tenant() {
        return tenant;
    }

    /** By which it belongs to a window: when it was made. */
    public Instant at() {
        return at;
    }

    /** What is held, by meter. */
    public Map<String, Long> units() {
        return units;
    }

    private static Map<String, Long> units(List<Line> lines) {
        if (lines.size() == 1) {
            return Map.of(lines.getFirst().meter(), lines.getFirst().units());
        }
        Map<String, Long> units = new TreeMap<>();
        lines.forEach(line -> units.put(line.meter(), line.units()));
        return Collections.unmodifiableMap(units);
    }

    public State state() {
        return Objects.requireNonNull(state.get());
    }

    String item() {
        return item;
    }

    String actor() {
        return actor;
    }

    /** Books what was held, and waits until that is as durable as the store promises. */
    public Commit commit() {
        return commit(units());
    }

    /**
     * Books what was really used, and gives back the rest.
     *
     * @param used by meter; one that is missing was not used. More than was held is booked all the same: it is used
     * @throws StoreUnavailable if it cannot be written in time; it is booked later, if this process lives
     * @throws IllegalArgumentException if a quantity is negative, or a meter was not reserved
     */
    public Commit commit(Map<String, Long> used) {
        Map<String, Long> held = units();
        used.forEach((meter, units) -> {
            if (units < 0 || !held.containsKey(meter)) {
                throw new IllegalArgumentException(
                        units + " units of " + meter + " cannot be committed: " + held.keySet() + " are reserved");
            }
        });
        Optional<Posting> posting = book(used);
        if (posting.isEmpty()) {
            return new Commit.TooLate(state());
        }
        quotas.remove(id);
        if (journal.store().durability() == Durability.BUFFERED) {
            return new Commit.Buffered();
        }
        List<Booking> bookings = posting.get().await(quotas.parts().timeout());
        Map<String, Booking> byMeter = new TreeMap<>();
        int at = 0;
        for (Line line : lines) {
            if (used.getOrDefault(line.meter(), 0L) > 0) {
                byMeter.put(line.meter(), bookings.get(at++));
            }
        }
        return new Commit.Booked(byMeter);
    }

    /** Begins to book; empty if it was resolved before. */
    Optional<Posting> book(Map<String, Long> used) {
        if (!state.compareAndSet(State.HELD, State.COMMITTED)) {
            return Optional.empty();
        }
        List<Post> posts = new ArrayList<>(lines.size());
        List<Held> spent = new ArrayList<>(lines.size());
        long[] more = new long[lines.size()];
        for (int i = 0; i < more.length; i++) {
            Line line = lines.get(i);
            Share share = line.share();
            long units = used.getOrDefault(line.meter(), 0L);
            if (units > 0) {
                posts.add(new Post.Use(event(line.meter(), units), at, isCounter(line.meter())));
            }
            if (share != null && units > 0) {
                long beyond = Math.max(0, units - line.units());
                more[i] = beyond > 0 && share.take(beyond) ? beyond : 0;
                spent.add(new Held(share.epoch, share.window, Math.min(units, line.units()) + more[i]));
            }
        }
        try {
            booked = Set.copyOf(used.keySet());
            Posting posting = journal.post(posts, spent);
            giveBack(i -> lines.get(i).units() - used.getOrDefault(lines.get(i).meter(), 0L));
            return Optional.of(posting);
        } catch (StoreUnavailable e) {
            // Nothing waits to be booked, so that it may be tried again.
            giveBack(i -> more[i]);
            state.set(State.HELD);
            throw e;
        }
    }

    /** Only a level may be too low for what comes next. */
    private boolean isCounter(String meter) {
        return quotas.parts()
                .meters()
                .find(meter)
                .filter(one -> one.kind() == Meter.Kind.COUNTER)
                .isPresent();
    }

    private void giveBack(IntToLongFunction units) {
        for (int i = 0; i < lines.size(); i++) {
            Share share = lines.get(i).share();
            long back = units.applyAsLong(i);
            if (share != null && back > 0) {
                share.put(back);
            }
        }
    }

    UsageEvent event(String meter, long units) {
        return new UsageEvent(tenant, meter, source, eventId(id, meter), units, at, item, actor);
    }

    static String eventId(String id, String meter) {
        return EventNumber.id(id, meter);
    }

    /**
     * Takes back what was committed, as if it had never been; does not wait.
     *
     * @param kept the meters in which it stays
     */
    void reverse(String why, Set<String> kept) {
        List<Post> posts = new ArrayList<>(lines.size());
        Set<String> some = booked;
        for (Line line : lines) {
            if ((some == null || some.contains(line.meter())) && !kept.contains(line.meter())) {
                posts.add(new Post.Reverse(tenant, source, eventId(id, line.meter()), why, at));
            }
        }
        if (!posts.isEmpty()) {
            journal.post(posts, List.of());
        }
    }

    /**
     * Gives back what was held: nothing was used.
     *
     * @return false if it was resolved before
     */
    public boolean release() {
        quotas.remove(id);
        return giveUp();
    }

    /** As {@link #release}, and it is still known. */
    boolean giveUp() {
        if (!state.compareAndSet(State.HELD, State.RELEASED)) {
            return false;
        }
        giveBack(i -> lines.get(i).units());
        return true;
    }

    void withhold() {
        withheld = true;
    }

    /** Whether its result was kept back because it could not be booked in time: nobody pays for that. */
    boolean isWithheld() {
        return withheld;
    }

    void expireAt(long millis) {
        expiresAt = millis;
    }

    /** Keeps it at least until then. */
    void renew(long newExpiry) {
        expiresAt = Math.max(expiresAt, newExpiry);
    }

    /**
     * Nobody has resolved it in time. Perhaps another replica does so now: so what it holds is not given to others here,
     * but given back where that is known.
     *
     * @return whether it is over
     */
    boolean expire(long nowMillis) {
        if (nowMillis < expiresAt) {
            return false;
        }
        if (!state.compareAndSet(State.HELD, State.EXPIRED)) {
            return true;
        }
        List<Held> held = new ArrayList<>();
        for (Line line : lines) {
            Share share = line.share();
            if (share != null) {
                held.add(new Held(share.epoch, share.window, line.units()));
            }
        }
        try {
            if (!held.isEmpty()) {
                journal.post(List.of(), held);
            }
            return true;
        } catch (StoreUnavailable e) {
            state.set(State.HELD);
            return false;
        }
    }
}
