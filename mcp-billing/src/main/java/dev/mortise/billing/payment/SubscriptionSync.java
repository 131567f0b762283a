package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The only way in which anything about a subscription becomes known here: it is fetched, and what was fetched takes effect
 * in one transaction with the reason for it.
 *
 * <p>Fetching takes time, and others fetch too. So a snapshot replaces only the one that was the last when fetching
 * began; who was overtaken fetches again. Thus an older state never replaces a newer one, whatever the order in which
 * messages come, replicas work and networks deliver.
 */
final class SubscriptionSync {
    private static final int ATTEMPTS = 10;

    private final Database database;
    private final SubscriptionTable subscriptions;
    private final OperationTable operations;
    private final CustomerTable customers;
    private final EventTable events;
    private final StandingTable standings;
    private final FindingTable findings;
    private final PriceList prices;
    private final Clock clock;
    private final Consumer<String> changed;

    /** @param changed is told of the tenants whose subscriptions changed, after the transaction */
    SubscriptionSync(
            Database database,
            SubscriptionTable subscriptions,
            OperationTable operations,
            CustomerTable customers,
            EventTable events,
            StandingTable standings,
            FindingTable findings,
            PriceList prices,
            Clock clock,
            Consumer<String> changed) {
        this.database = database;
        this.subscriptions = subscriptions;
        this.operations = operations;
        this.customers = customers;
        this.events = events;
        this.standings = standings;
        this.findings = findings;
        this.prices = prices;
        this.clock = clock;
        this.changed = changed;
    }

    /** Rolls a transaction back whose snapshot is no longer the newest. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("Another snapshot came first", null, false, false);
        }
    }

    /**
     * Fetches a subscription and has it take effect.
     *
     * @throws ProviderException if it cannot be fetched; then nothing is written down
     */
    Effect sync(PaymentProvider provider, String id, Cause cause) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<StoredSubscription> known = Optional.empty();
            if (cause instanceof Cause.Event event && isRepeated(provider, event)) {
                return Effect.REPEATED;
            }
            known = database.read("Finding a subscription", c -> subscriptions.find(c, provider.name(), id));
            long revision = known.map(StoredSubscription::revision).orElse(0L);
            Optional<ProviderSubscription> fetched = provider.subscription(id);
            try {
                return takeEffect(provider, id, fetched, revision, cause);
            } catch (Overtaken overtaken) {
                // Fetched again: what was fetched is older than what is known by now, or may be.
            }
        }
        throw new ProviderUnavailable("The subscription " + id + " changes faster than it can be read", null);
    }

    private boolean isRepeated(PaymentProvider provider, Cause.Event event) {
        return database.read("Looking for an event", c -> events.has(c, provider.name(), event.id()));
    }

    private record Written(Effect effect, @Nullable String tenant) {}

    private Effect takeEffect(
            PaymentProvider provider, String id, Optional<ProviderSubscription> fetched, long revision, Cause cause) {
        Instant now = clock.instant();
        Written written = database.write("Changing a subscription", connection -> {
            if (cause instanceof Cause.Event event
                    && !events.add(
                            connection,
                            provider.name(),
                            new EventTable.WebhookEventKey(event.id(), event.type()),
                            now)) {
                return new Written(Effect.REPEATED, null);
            }
            Written result = write(connection, provider.name(), id, fetched, revision, cause, now);
            switch (cause) {
                case Cause.Event event ->
                    events.effect(
                            connection,
                            provider.name(),
                            event.id(),
                            result.effect().name());
                case Cause.Done done ->
                    operations.end(connection, done.operation(), OperationState.DONE, id, null, now);
                case Cause.Comparison comparison -> {}
            }
            return result;
        });
        if (written.tenant() != null) {
            changed.accept(written.tenant());
        }
        return written.effect();
    }

    private Written write(
            Connection connection,
            String provider,
            String id,
            Optional<ProviderSubscription> fetched,
            long revision,
            Cause cause,
            Instant now)
            throws SQLException {
        Optional<StoredSubscription> known = subscriptions.find(connection, provider, id);
        if (known.map(StoredSubscription::revision).orElse(0L) != revision) {
            throw new Overtaken();
        }
        if (fetched.isEmpty()) {
            if (known.isPresent()) {
                findings.record(
                        connection,
                        new Finding(
                                provider,
                                Finding.Kind.MISSING,
                                id,
                                known.get().tenant(),
                                "The provider does not know it",
                                now));
            }
            return new Written(Effect.MISSING, null);
        }
        ProviderSubscription subscription = fetched.get();
        String tenant = tenant(connection, provider, subscription, known, now);
        if (tenant == null) {
            return new Written(Effect.ORPHAN, null);
        }
        standings.lock(connection, tenant);
        StoredSubscription next = next(connection, provider, tenant, subscription, known.orElse(null), cause, now);
        boolean same = known.isPresent() && known.get().saysAs(next);
        if (!same && cause instanceof Cause.Comparison comparison && !comparison.repair()) {
            findings.record(
                    connection,
                    new Finding(provider, Finding.Kind.DIFFERENT, id, tenant, difference(known, next), now));
            return new Written(Effect.DIFFERENT, null);
        }
        if (!subscriptions.put(connection, next)) {
            throw new Overtaken();
        }
        if (!same && cause instanceof Cause.Comparison) {
            findings.record(
                    connection, new Finding(provider, Finding.Kind.REPAIRED, id, tenant, difference(known, next), now));
        }
        if (next.operation() != null && next.status() != SubscriptionStatus.PENDING) {
            operations.end(connection, next.operation(), OperationState.DONE, id, null, now);
        }
        standings.announce(connection, tenant, now);
        return new Written(same ? Effect.UNCHANGED : Effect.CHANGED, tenant);
    }

    private static String difference(Optional<StoredSubscription> known, StoredSubscription next) {
        return known.map(one -> one.status() + " " + one.plan() + " until " + one.periodEnd())
                        .orElse("unknown")
                + " here, " + next.status() + " " + next.plan() + " until " + next.periodEnd() + " there";
    }

    /**
     * Whose it is: by what is known of it, by the operation it was made by, by its customer. What a payer may have written
     * into it is not asked.
     */
    private @Nullable String tenant(
            Connection connection,
            String provider,
            ProviderSubscription subscription,
            Optional<StoredSubscription> known,
            Instant now)
            throws SQLException {
        if (known.isPresent()) {
            return known.get().tenant();
        }
        Optional<String> byOperation = subscription.operation() == null
                ? Optional.empty()
                : operations
                        .find(connection, subscription.operation())
                        .filter(one -> one.provider().equals(provider) && one.begins())
                        .map(StoredOperation::tenant);
        Optional<String> byCustomer = subscription.customer() == null
                ? Optional.empty()
                : customers.tenant(connection, provider, subscription.customer());
        boolean contradiction = byOperation.isPresent()
                && byCustomer.isPresent()
                && !byOperation.get().equals(byCustomer.get());
        if (!contradiction && (byOperation.isPresent() || byCustomer.isPresent())) {
            return byOperation.or(() -> byCustomer).orElseThrow();
        }
        if (subscription.status().isLive()) {
            findings.record(
                    connection,
                    new Finding(
                            provider,
                            Finding.Kind.ORPHAN,
                            subscription.id(),
                            null,
                            contradiction ? "Its customer and its operation are two tenants'" : "Nobody here began it",
                            now));
        }
        return null;
    }

    private StoredSubscription next(
            Connection connection,
            String provider,
            String tenant,
            ProviderSubscription fetched,
            @Nullable StoredSubscription known,
            Cause cause,
            Instant now)
            throws SQLException {
        Optional<PlanPrice> price = fetched.altered() || fetched.price() == null
                ? Optional.empty()
                : prices.known(provider, fetched.price());
        if (price.isEmpty() && fetched.status().isLive()) {
            findings.record(
                    connection,
                    new Finding(
                            provider,
                            Finding.Kind.UNKNOWN_PRICE,
                            fetched.id(),
                            tenant,
                            fetched.altered() ? "It has terms of its own" : "Its price is " + fetched.price(),
                            now));
        }
        boolean good = fetched.status() == SubscriptionStatus.ACTIVE || fetched.status() == SubscriptionStatus.TRIALING;
        Instant paidThrough = good ? fetched.periodEnd() : known == null ? null : known.paidThrough();
        boolean overdue =
                fetched.status() == SubscriptionStatus.PAST_DUE || fetched.status() == SubscriptionStatus.SUSPENDED;
        return new StoredSubscription(
                provider,
                fetched.id(),
                tenant,
                known != null && known.operation() != null ? known.operation() : fetched.operation(),
                price.map(PlanPrice::plan).orElse(planOfEnded(fetched, known)),
                fetched.price(),
                fetched.status(),
                fetched.periodStart(),
                fetched.periodEnd(),
                fetched.trialEnd(),
                fetched.cancelsAtPeriodEnd(),
                fetched.outstanding() == null ? null : fetched.outstanding().minor(),
                fetched.outstanding() == null
                        ? null
                        : fetched.outstanding().currency().getCurrencyCode(),
                overdue ? arrearsSince(fetched, known, now) : null,
                paidThrough,
                fetched.status() == SubscriptionStatus.ENDED ? endedAt(fetched, known, paidThrough, cause, now) : null,
                known == null ? 1 : known.revision() + 1,
                now);
    }

    /** Providers may leave the price of what is over out. */
    private static @Nullable String planOfEnded(ProviderSubscription fetched, @Nullable StoredSubscription known) {
        return fetched.status() == SubscriptionStatus.ENDED && fetched.price() == null && known != null
                ? known.plan()
                : null;
    }

    /** The earliest that was ever said of these arrears, never in the future: asking again extends no grace. */
    private static Instant arrearsSince(ProviderSubscription fetched, @Nullable StoredSubscription known, Instant now) {
        Instant said = Objects.requireNonNullElse(fetched.arrearsSince(), now);
        Instant before = known == null ? null : known.arrearsSince();
        Instant earliest = before != null && before.isBefore(said) ? before : said;
        return earliest.isBefore(now) ? earliest : now;
    }

    /** As the provider says; or when what was paid for is over, unless it was to end at once. */
    private static Instant endedAt(
            ProviderSubscription fetched,
            @Nullable StoredSubscription known,
            @Nullable Instant paidThrough,
            Cause cause,
            Instant now) {
        if (fetched.endedAt() != null) {
            return fetched.endedAt();
        }
        Instant before = known == null ? null : known.endedAt();
        if (cause instanceof Cause.Done done && done.endsNow()) {
            return before != null && before.isBefore(now) ? before : now;
        }
        if (before != null) {
            return before;
        }
        return paidThrough == null ? now : paidThrough;
    }
}
