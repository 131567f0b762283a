package dev.mortise.billing.payment;

import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the ledger to the outbox: what tenants have used, summed up by the hour once that is settled. The ledger is read in
 * the order of its positions, up to the first entry of an hour that is not settled yet; the place is moved in the
 * transaction that writes the sums down, so that nothing is reported twice or left out, by however many replicas.
 * Thread-safe.
 */
final class UsageFeed {
    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);
    private static final Instant FAR = Instant.ofEpochMilli(Long.MAX_VALUE);
    private static final Duration OWED_LONG = Duration.ofDays(31);
    private static final Duration ENDED_LONG = Duration.ofDays(2);
    private static final int TENANTS = 200;
    private static final int PAGE = 5_000;
    private static final int PAGES = 20;

    private final Database database;
    private final UsageReader ledger;
    private final Set<String> meters;
    private final SubscriptionTable subscriptions;
    private final UsageCursor.Table cursors;
    private final UsageOutbox outbox;
    private final FindingTable findings;
    private final Clock clock;

    UsageFeed(
            Database database,
            UsageReader ledger,
            Set<String> meters,
            SubscriptionTable subscriptions,
            UsageOutbox outbox,
            FindingTable findings,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.meters = meters;
        this.subscriptions = subscriptions;
        this.cursors = new UsageCursor.Table(database);
        this.outbox = outbox;
        this.findings = findings;
        this.clock = clock;
    }

    /** What was used in an hour, or in a part of it that was read at once. */
    private static final class Sum {
        private long quantity;
        private Instant last = Instant.MIN;
        private long through;

        void add(LedgerEntry entry) {
            quantity = Math.addExact(quantity, entry.quantity());
            last = entry.at().isAfter(last) ? entry.at() : last;
            through = entry.position();
        }
    }

    /**
     * What was read at once.
     *
     * @param position up to which everything was looked at
     * @param more whether there may be more that is settled
     */
    private record Read(Map<Instant, Sum> sums, long position, boolean more) {}

    /** What fails for one tenant keeps no other from being reported. */
    void run(PaymentProvider provider) {
        if (!provider.takesUsage()) {
            return;
        }
        String after = "";
        List<String> page;
        do {
            String from = after;
            Instant ended = clock.instant().minus(ENDED_LONG);
            page = database.read(
                    "Listing tenants",
                    connection -> subscriptions.tenants(connection, provider.name(), ended, from, TENANTS));
            for (String tenant : page) {
                after = tenant;
                for (String meter : meters) {
                    feed(provider.name(), tenant, meter);
                }
            }
        } while (page.size() == TENANTS);
    }

    private void feed(String provider, String tenant, String meter) {
        try {
            while (step(provider, tenant, meter)) {
                LOG.debug("There is more usage of {} to be written down", tenant);
            }
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("The usage of {} by {} cannot be written down for {}", meter, tenant, provider, e);
        }
    }

    private record Known(Optional<UsageCursor> cursor, Optional<StoredSubscription> subscription) {}

    /** @return whether there is more to do at once */
    private boolean step(String provider, String tenant, String meter) {
        Instant now = clock.instant();
        Known known = database.read("Finding usage", connection -> {
            Optional<UsageCursor> cursor = cursors.find(connection, provider, tenant, meter);
            return new Known(cursor, subscription(connection, provider, tenant, cursor));
        });
        if (known.subscription().isEmpty()) {
            return false;
        }
        StoredSubscription subscription = known.subscription().get();
        UsageHours hours = UsageHours.of(subscription, now);
        if (known.cursor().isEmpty()) {
            if (hours.isOver()) {
                return false;
            }
            Instant since = hours.since();
            database.write("Beginning to report usage", connection -> {
                cursors.add(connection, new UsageCursor(provider, tenant, meter, subscription.id(), since, 0, 0, null));
                return true;
            });
            return true;
        }
        UsageCursor cursor = known.cursor().get();
        return cursor.subscription().equals(subscription.id())
                ? write(cursor, hours)
                : change(cursor, subscription.id(), hours);
    }

    /** The one that is paid for; else the one that was, as long as its last invoice may be open. */
    private Optional<StoredSubscription> subscription(
            Connection connection, String provider, String tenant, Optional<UsageCursor> cursor) throws SQLException {
        List<StoredSubscription> all = subscriptions.ofTenant(connection, tenant).stream()
                .filter(one -> one.provider().equals(provider))
                .toList();
        return all.stream()
                .filter(one -> one.status().isLive())
                .max(Comparator.comparing(
                                (StoredSubscription one) -> one.periodEnd() == null ? Instant.MIN : one.periodEnd())
                        .thenComparing(StoredSubscription::id))
                .or(() -> all.stream()
                        .filter(one -> one.status() == SubscriptionStatus.ENDED)
                        .filter(one ->
                                cursor.isEmpty() || one.id().equals(cursor.get().subscription()))
                        .max(Comparator.comparing(StoredSubscription::confirmedAt)
                                .thenComparing(StoredSubscription::id)));
    }

    /** What of the old one was not written down in time is on no invoice. */
    private boolean change(UsageCursor cursor, String subscription, UsageHours hours) {
        Instant since = hours.since();
        Instant from = cursor.since().isBefore(since) ? cursor.since() : since;
        long left = ledger.counted(
                        new UsageQuery(cursor.tenant(), cursor.meter(), from, since, cursor.position(), Long.MAX_VALUE))
                .quantity();
        return database.write("Reporting usage on another subscription", connection -> {
            boolean moved = cursors.move(connection, cursor, cursor.of(subscription, since));
            if (moved && left > 0) {
                unbilled(connection, cursor, left, hours.now());
            }
            return moved;
        });
    }

    private boolean write(UsageCursor cursor, UsageHours hours) {
        Read read = read(cursor, hours);
        long owed = cursor.owed();
        for (Sum sum : read.sums().values()) {
            owed = sum.quantity < 0 ? Math.addExact(owed, -sum.quantity) : owed;
        }
        List<Usage> usage = new ArrayList<>();
        for (Map.Entry<Instant, Sum> hour : read.sums().entrySet()) {
            Sum sum = hour.getValue();
            long off = Math.min(owed, Math.max(0, sum.quantity));
            owed -= off;
            if (sum.quantity > off) {
                usage.add(new Usage(
                        cursor.tenant(),
                        cursor.meter(),
                        sum.quantity - off,
                        hours.reportedAs(sum.last),
                        hour.getKey() + "/" + sum.through));
            }
        }
        boolean waits = cursor.owedSince() != null
                && !hours.now().isBefore(cursor.owedSince().plus(OWED_LONG));
        UsageCursor next = cursor.at(read.position(), owed, hours.now());
        if (next.equals(cursor) && !waits) {
            return false;
        }
        return database.write("Writing usage down", connection -> {
                    if (!cursors.move(connection, cursor, next)) {
                        return false;
                    }
                    if (hours.isOver()) {
                        long late = usage.stream().mapToLong(Usage::quantity).sum();
                        if (late > 0) {
                            unbilled(connection, cursor, late, hours.now());
                        }
                    } else {
                        for (Usage one : usage) {
                            outbox.add(connection, cursor.provider(), one);
                        }
                    }
                    owed(connection, cursor, next, waits, hours.now());
                    return true;
                })
                && read.more();
    }

    private Read read(UsageCursor cursor, UsageHours hours) {
        Map<Instant, Sum> sums = new TreeMap<>();
        // Before the entries: whatever is booked in between has a higher one.
        long through = ledger.position(cursor.tenant(), cursor.meter());
        long after = cursor.position();
        for (int page = 0; page < PAGES && after < through; page++) {
            List<LedgerEntry> entries = ledger.entries(
                    new UsageQuery(cursor.tenant(), cursor.meter(), cursor.since(), FAR, after, through), PAGE);
            for (LedgerEntry entry : entries) {
                if (!hours.isSettled(entry.at())) {
                    return new Read(sums, entry.position() - 1, false);
                }
                if (!hours.isAfterEnd(entry.at())) {
                    sums.computeIfAbsent(hours.begin(entry.at()), hour -> new Sum())
                            .add(entry);
                }
                after = entry.position();
            }
            if (entries.size() < PAGE) {
                return new Read(sums, Math.max(through, cursor.position()), false);
            }
        }
        return new Read(sums, after, after < through);
    }

    private void unbilled(Connection connection, UsageCursor cursor, long quantity, Instant now) throws SQLException {
        findings.record(
                connection,
                new Finding(
                        cursor.provider(),
                        Finding.Kind.USAGE_UNBILLED,
                        cursor.subscription() + "/" + cursor.meter() + "/" + cursor.position(),
                        cursor.tenant(),
                        quantity + " of " + cursor.meter() + " came after the last invoice of this subscription",
                        now));
    }

    private void owed(Connection connection, UsageCursor cursor, UsageCursor next, boolean waits, Instant now)
            throws SQLException {
        String subject = cursor.tenant() + "/" + cursor.meter();
        if (next.owed() == 0 && cursor.owed() > 0) {
            findings.remove(connection, cursor.provider(), Finding.Kind.USAGE_OWED, subject);
        } else if (waits && next.owed() > 0) {
            findings.record(
                    connection,
                    new Finding(
                            cursor.provider(),
                            Finding.Kind.USAGE_OWED,
                            subject,
                            cursor.tenant(),
                            next.owed() + " of " + cursor.meter() + " were taken back after they had been reported,"
                                    + " and nothing was used since to take them off",
                            now));
        }
    }
}
