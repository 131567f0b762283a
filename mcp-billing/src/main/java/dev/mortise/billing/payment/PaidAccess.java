package dev.mortise.billing.payment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which plan providers say that a tenant pays for, and how it stands with them: for pages about payment, for support, and
 * for hosts that keep no books. From memory, at most a few seconds behind the database, and never from a provider. Where the
 * database does not answer, what is known goes on counting until it is older than allowed. Thread-safe.
 *
 * <p>With {@link dev.mortise.billing.books.Books} this is <em>not</em> what calls ask, and neither is {@link Access#plan}
 * the answer to what a tenant may do: that is {@link dev.mortise.billing.plan.Entitlements}, from the books, where
 * {@link PaidSubscriptions} enters what is heard here.
 */
public final class PaidAccess {
    private static final Logger LOG = LoggerFactory.getLogger(PaidAccess.class);
    private static final int TENANTS = 100_000;

    private final Database database;
    private final SubscriptionTable subscriptions;
    private final Clock clock;
    private final Freshness freshness;
    private final Cache<String, Snapshot> snapshots =
            Caffeine.newBuilder().maximumSize(TENANTS).build();
    private final Set<String> loading = ConcurrentHashMap.newKeySet();

    PaidAccess(Database database, SubscriptionTable subscriptions, Clock clock, Freshness freshness) {
        this.database = database;
        this.subscriptions = subscriptions;
        this.clock = clock;
        this.freshness = freshness;
    }

    /**
     * How old what counts may be.
     *
     * @param grace for which what is overdue entitles as before
     * @param refresh after which a tenant's snapshot is read again in the background, while the old one counts
     * @param lag after which the first to ask waits for the new one
     * @param maximumAge after which neither what a provider last confirmed nor what was last read counts any more
     * @param keepStale whether even that goes on entitling, marked as stale
     */
    record Freshness(Duration grace, Duration refresh, Duration lag, Duration maximumAge, boolean keepStale) {}

    /** @param triedAt when it was last tried to read it again; a database that hangs is not waited for by every call */
    private record Snapshot(List<StoredSubscription> subscriptions, Instant loadedAt, Instant triedAt) {}

    /**
     * What a tenant is entitled to now.
     *
     * @throws StoreUnavailable if nothing is known of the tenant and the database does not answer
     */
    public Access of(String tenant) {
        Instant now = clock.instant();
        Snapshot snapshot = snapshot(tenant, now);
        Optional<StoredSubscription> best = StandingTable.best(snapshot.subscriptions(), freshness.grace(), now);
        return best.map(one -> access(one, snapshot.loadedAt(), now)).orElse(Access.NOTHING);
    }

    /** What changed here is read again at once; other replicas see it within the refresh time. */
    void forget(String tenant) {
        snapshots.invalidate(tenant);
    }

    private Access access(StoredSubscription one, Instant loadedAt, Instant now) {
        PaymentStanding standing = one.standing(freshness.grace(), now);
        Instant known = loadedAt.isBefore(one.confirmedAt()) ? loadedAt : one.confirmedAt();
        boolean unread = !now.isBefore(loadedAt.plus(freshness.maximumAge()));
        boolean unconfirmed = !now.isBefore(one.confirmedAt().plus(freshness.maximumAge()));
        boolean stale = standing.entitles() && (unread || unconfirmed);
        boolean counts = standing.entitles() && (!stale || freshness.keepStale());
        return new Access(
                counts ? one.plan() : null,
                standing,
                one.provider(),
                one.id(),
                one.until(freshness.grace(), now),
                known,
                stale);
    }

    private Snapshot snapshot(String tenant, Instant now) {
        @Nullable Snapshot known = snapshots.getIfPresent(tenant);
        if (known == null) {
            return load(tenant);
        }
        Duration age = Duration.between(known.loadedAt(), now);
        boolean due = Duration.between(known.triedAt(), now).compareTo(freshness.refresh()) >= 0;
        if (!due || !loading.add(tenant)) {
            return known;
        }
        if (age.compareTo(freshness.lag()) >= 0) {
            return reload(tenant, known);
        }
        Thread.ofVirtual().name("paid-access").start(() -> reload(tenant, known));
        return known;
    }

    private Snapshot reload(String tenant, Snapshot known) {
        try {
            return load(tenant);
        } catch (StoreUnavailable e) {
            LOG.warn("What a tenant is entitled to is from {}, for the database does not answer", known.loadedAt(), e);
            snapshots.put(tenant, new Snapshot(known.subscriptions(), known.loadedAt(), clock.instant()));
            return known;
        } finally {
            loading.remove(tenant);
        }
    }

    private Snapshot load(String tenant) {
        Instant now = clock.instant();
        List<StoredSubscription> all =
                database.read("Reading entitlements", connection -> subscriptions.ofTenant(connection, tenant));
        Snapshot loaded = new Snapshot(all, now, now);
        snapshots.put(tenant, loaded);
        return loaded;
    }
}
