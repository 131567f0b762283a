package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Measure;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds units before they are used, so that not one is used over a hard limit, whatever runs on this and other replicas.
 * Units are leased from the store in blocks; between leases a reservation costs no query. Thread-safe.
 */
public final class Quotas implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final long MOST_UNITS = 1_000_000_000_000_000L;

    /**
     * @param timeout how long to wait for a booking
     * @param nanos as {@link System#nanoTime}
     */
    record Parts(
            Journal journal,
            Meters meters,
            Entitlements entitlements,
            Clock clock,
            Duration timeout,
            LongSupplier nanos) {}

    private record Key(String tenant, String meter) {}

    private final Parts parts;
    private final Ledger ledger;
    private final SteadyClock clock;
    private final ThresholdWatch thresholds;
    private final Map<Key, Pool> pools = new ConcurrentHashMap<>();
    private final Map<String, Reservation> reservations = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread keeper = Thread.ofVirtual().name("quota-keeper").unstarted(this::keep);

    private Quotas(Parts parts, ThresholdListener listener) {
        this.parts = parts;
        this.ledger = new Ledger(parts.journal(), parts.meters(), parts.clock(), parts.timeout());
        this.clock = new SteadyClock(parts.clock(), parts.nanos());
        this.thresholds = new ThresholdWatch(parts.journal().store(), parts.entitlements(), listener);
    }

    /**
     * Begins to give out units.
     *
     * @param timeout how long a commit waits for the ledger
     */
    public static Quotas start(
            Journal journal,
            Meters meters,
            Entitlements entitlements,
            Clock clock,
            Duration timeout,
            ThresholdListener listener) {
        return start(new Parts(journal, meters, entitlements, clock, timeout, System::nanoTime), listener);
    }

    static Quotas start(Parts parts, ThresholdListener listener) {
        Quotas quotas = new Quotas(parts, listener);
        parts.journal().onChange(quotas.thresholds::changed);
        quotas.keeper.start();
        return quotas;
    }

    /** The window in which an allowance is counted: of a level all of time, since it stays until it changes. */
    static Window window(String tenant, Allowance allowance) {
        return allowance.measure() == Measure.SUM
                ? Window.of(
                        tenant,
                        allowance.meter(),
                        allowance.window().start(),
                        allowance.window().end())
                : Window.always(tenant, allowance.meter());
    }

    /**
     * Holds units of several meters, or of none of them.
     *
     * @param ttl after this it expires, if it is neither committed nor released
     * @throws StoreUnavailable if the store has to be asked, and does not answer
     */
    public Admission reserve(Request request, Duration ttl) {
        OptionalLong millis = clock.millis();
        if (millis.isEmpty()) {
            return new Admission.ClockWentBack();
        }
        Instant now = Instant.ofEpochMilli(millis.getAsLong());
        if (!UsageEvent.isName(request.tenant())
                || !UsageEvent.isName(request.source())
                || !UsageEvent.isNote(request.item())
                || !UsageEvent.isNote(request.actor())) {
            return new Admission.Invalid(Booking.Reason.MALFORMED);
        }
        for (Map.Entry<String, Long> each : request.units().entrySet()) {
            Booking.Reason objection = objection(each.getKey(), each.getValue());
            if (objection != null) {
                return new Admission.Invalid(objection);
            }
        }
        Entitlement entitlement = parts.entitlements().of(request.tenant(), now);
        List<Reservation.Line> lines = new ArrayList<>(request.units().size());
        Denial denial = null;
        try {
            for (Map.Entry<String, Long> each : request.units().entrySet()) {
                denial = take(request.tenant(), each.getKey(), each.getValue(), entitlement, lines);
                if (denial != null) {
                    return new Admission.Denied(denial);
                }
            }
            long expiresAt = millis.getAsLong() + ttl.toMillis();
            String id = nextId();
            Reservation reservation = new Reservation(this, id, request, now, lines, expiresAt);
            reservations.put(id, reservation);
            lines = List.of();
            return new Admission.Reserved(reservation);
        } finally {
            // Of several meters all or none.
            for (Reservation.Line line : lines) {
                if (line.share() != null) {
                    line.share().put(line.units());
                }
            }
        }
    }

    private Booking.@Nullable Reason objection(String name, long units) {
        Optional<Meter> meter = parts.meters().find(name);
        if (meter.isEmpty()) {
            return Booking.Reason.UNKNOWN_METER;
        }
        if (units < 1) {
            return Booking.Reason.NOT_POSITIVE;
        }
        return units > MOST_UNITS ? Booking.Reason.TOO_LARGE : null;
    }

    private @Nullable Denial take(
            String tenant, String meter, long units, Entitlement entitlement, List<Reservation.Line> lines) {
        Allowance allowance = entitlement.allowance(meter).orElse(null);
        if (allowance == null) {
            return new Denial(Denial.Reason.NOT_INCLUDED, meter, units, 0, 0, 0, null);
        }
        Window window = window(tenant, allowance);
        OptionalLong limit = allowance.hardLimit();
        if (limit.isEmpty()) {
            if (allowance.included().isPresent()) {
                pool(tenant, meter).look(window);
            }
            lines.add(new Reservation.Line(meter, units, null));
            return null;
        }
        Pool.Taken taken = pool(tenant, meter).take(window, limit.getAsLong(), units);
        while (taken.retired()) {
            // Nobody had wanted anything of it for long; by now it is out of the map.
            taken = pool(tenant, meter).take(window, limit.getAsLong(), units);
        }
        if (taken.exhausted() != null) {
            Instant resets = allowance.measure() == Measure.SUM ? allowance.resetsAt() : null;
            return new Denial(
                    Denial.Reason.EXHAUSTED,
                    meter,
                    units,
                    taken.exhausted().used(),
                    taken.exhausted().leased(),
                    limit.getAsLong(),
                    resets);
        }
        lines.add(new Reservation.Line(meter, units, taken.share()));
        return null;
    }

    private Pool pool(String tenant, String meter) {
        return pools.computeIfAbsent(new Key(tenant, meter), key -> new Pool(parts.journal(), parts.nanos()));
    }

    /** Units of a gauge were freed by this process. */
    void freed(String tenant, String meter) {
        Pool pool = pools.get(new Key(tenant, meter));
        if (pool != null) {
            pool.freed();
        }
    }

    /** Never the same twice, in no replica. */
    String nextId() {
        return EventNumber.charge(parts.journal().replica(), count.incrementAndGet());
    }

    /** What a tenant may do now. */
    Entitlement entitlement(String tenant) {
        return parts.entitlements().of(tenant, parts.clock().instant());
    }

    Ledger ledger() {
        return ledger;
    }

    /**
     * How much of an allowance is used, from the store.
     *
     * @throws StoreUnavailable if it does not answer
     */
    public LedgerStore.WindowState standing(String tenant, Allowance allowance) {
        return parts.journal().store().look(window(tenant, allowance));
    }

    /** One that this process made, and that was neither taken out nor forgotten. */
    Optional<Reservation> find(String id) {
        return Optional.ofNullable(reservations.get(id));
    }

    /** As {@link #find}; from now on the caller alone knows it. */
    Optional<Reservation> remove(String id) {
        return Optional.ofNullable(reservations.remove(id));
    }

    /** Of how many tenants and meters this process keeps something in mind. */
    int remembered() {
        return pools.size();
    }

    /** How many reservations are held or were resolved just now. */
    int open() {
        return reservations.size();
    }

    Parts parts() {
        return parts;
    }

    private void keep() {
        try {
            while (!stopped.await(TICK.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    tidy();
                } catch (RuntimeException e) {
                    LOG.warn("Quotas are looked after later: {}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Quotas were closed");
        }
    }

    /** Expires what nobody has resolved, gives back what nobody uses, tells of thresholds. */
    void tidy() {
        long now = parts.clock().millis();
        reservations.values().removeIf(reservation -> reservation.expire(now));
        pools.values().removeIf(pool -> pool.tidy(now));
        thresholds.look(Instant.ofEpochMilli(now));
    }

    /** Gives out no more. What is held is given back when the journal is closed. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            keeper.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
