package dev.mortise.billing.books;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.subscription.Allowances;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entitlements from memory. What was read of a tenant is good for a maximum age; when half of that has passed it is read
 * anew in the background. When the age is reached and the books do not answer, nobody is let in. Changes that are made at
 * another replica are seen within half the maximum age. Thread-safe.
 */
public final class SnapshotEntitlements implements Entitlements {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotEntitlements.class);
    private static final int CACHED = 100_000;

    private final Function<String, List<Subscription>> reader;
    private final Plans plans;
    private final Optional<Plan> fallback;
    private final Duration maxAge;
    private final Clock clock;
    /** Counts what was forgotten, so that a reading that began before that is not kept. */
    private final AtomicLong forgotten = new AtomicLong();

    private final Cache<String, Snapshot> snapshots =
            Caffeine.newBuilder().maximumSize(CACHED).build();

    /** All subscriptions of a tenant as they were read, and the answer that was given last. */
    private static final class Snapshot {
        final List<Subscription> subscriptions;
        final Instant readAt;
        /** When it is read anew, while it is still good. */
        final Instant staleAt;
        /** When it is not good any more. */
        final Instant endsAt;

        final AtomicBoolean refreshing = new AtomicBoolean();
        volatile @Nullable Answer last;

        Snapshot(List<Subscription> subscriptions, Instant readAt, Duration maxAge) {
            this.subscriptions = List.copyOf(subscriptions);
            this.readAt = readAt;
            this.staleAt = readAt.plus(maxAge.dividedBy(2));
            this.endsAt = readAt.plus(maxAge);
        }
    }

    /** @param from since when it holds, for certain */
    private record Answer(Instant from, Entitlement entitlement) {
        boolean holdsAt(Instant at) {
            return !at.isBefore(from) && at.isBefore(entitlement.until());
        }
    }

    SnapshotEntitlements(
            Function<String, List<Subscription>> reader,
            Plans plans,
            @Nullable Plan fallback,
            Duration maxAge,
            Clock clock) {
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("A maximum age is above zero, not " + maxAge);
        }
        this.reader = reader;
        this.plans = plans;
        this.fallback = Optional.ofNullable(fallback);
        this.maxAge = maxAge;
        this.clock = clock;
    }

    @Override
    public Entitlement of(String tenant, Instant at) {
        Snapshot snapshot = current(tenant);
        Answer last = snapshot.last;
        if (last != null && last.holdsAt(at)) {
            return last.entitlement();
        }
        Entitlement entitlement = entitlement(tenant, snapshot, at);
        snapshot.last = new Answer(at, entitlement);
        return entitlement;
    }

    /** Forgets what was read of a tenant: for who has just changed something. */
    public void forget(String tenant) {
        forgotten.incrementAndGet();
        snapshots.invalidate(tenant);
    }

    private Snapshot current(String tenant) {
        Snapshot snapshot = snapshots.getIfPresent(tenant);
        Instant now = clock.instant();
        if (snapshot == null || !now.isBefore(snapshot.endsAt)) {
            return read(tenant);
        }
        // Also where the clock was set back: then nobody knows how old it is.
        boolean soon = now.isBefore(snapshot.readAt) || !now.isBefore(snapshot.staleAt);
        if (soon && snapshot.refreshing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("entitlements").start(() -> {
                try {
                    read(tenant);
                } catch (RuntimeException e) {
                    LOG.warn("The entitlements of a tenant could not be read anew", e);
                    snapshot.refreshing.set(false);
                }
            });
        }
        return snapshot;
    }

    /** @throws StoreUnavailable if the books do not answer */
    private Snapshot read(String tenant) {
        // The time before the reading: it may have been changed while it was read.
        Instant now = clock.instant();
        long before = forgotten.get();
        Snapshot snapshot = new Snapshot(reader.apply(tenant), now, maxAge);
        snapshots.asMap().compute(tenant, (key, kept) -> forgotten.get() == before ? snapshot : null);
        return snapshot;
    }

    private Entitlement entitlement(String tenant, Snapshot snapshot, Instant at) {
        Optional<Subscription> live = snapshot.subscriptions.stream()
                .filter(subscription -> subscription.isLive(at))
                .findFirst();
        if (live.isPresent()) {
            return Allowances.of(live.get(), plans, fallback, at, snapshot.readAt);
        }
        Period month = BillingCycle.calendarMonths(ZoneOffset.UTC).periodAt(at);
        Instant until = snapshot.subscriptions.stream()
                .map(Subscription::start)
                .filter(start -> start.isAfter(at) && month.contains(start))
                .min(Instant::compareTo)
                .orElse(month.end());
        return Allowances.whole(tenant, Standing.NONE, fallback, month, until, snapshot.readAt);
    }
}
