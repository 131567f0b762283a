package dev.mortise.billing.payment;

import dev.mortise.billing.admin.WebhookLog;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.store.jdbc.Database;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tenants' subscriptions with payment providers: begun, changed and ended by operations that are done once; followed by
 * webhooks and by comparison; and what is paid for. Thread-safe.
 *
 * <pre>{@code
 * Payments payments = Payments.builder(database).provider(stripe).prices(prices).changes(subscriptions).migrate();
 * routes.addAll(payments.routes());
 * }</pre>
 *
 * <p>Nothing runs by itself: a {@link PaymentsSchedule} does what has to be done now and then, or the host calls
 * {@link #run} every few seconds, {@link #feed} every minute and {@link #reconcile} every night, on one replica or on all.
 */
public final class Payments {
    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);
    private static final int TENANTS_AT_ONCE = 200;

    private final Database database;
    private final Map<String, PaymentProvider> providers;
    private final PriceList prices;
    private final Clock clock;
    private final SubscriptionTable subscriptions;
    private final StandingTable standings;
    private final FindingTable findings;
    private final CustomerTable customers;
    private final EventTable events;
    private final OperationTable operationTable;
    private final Retention retention;
    private final UsageOutbox usage;
    private final Operations operations;
    private final Reconciler reconciler;
    private final WebhookIntake intake;
    private final PaidAccess access;
    private final SubscriptionChanges changes;
    private final Optional<UsageFeed> feed;
    private final UsageComparer comparer;

    Payments(PaymentsBuilder builder) {
        this.database = builder.database;
        this.providers = new LinkedHashMap<>(builder.providers);
        this.prices = builder.prices;
        this.clock = builder.clock;
        this.changes = builder.changes;
        this.subscriptions = new SubscriptionTable(database);
        this.findings = new FindingTable(database);
        this.customers = new CustomerTable(database);
        this.events = new EventTable(database);
        this.standings = new StandingTable(
                database,
                subscriptions,
                findings,
                builder.changes,
                builder.freshness().grace());
        this.usage = new UsageOutbox(database, customers, findings, clock);
        UsageReader ledger = builder.ledger;
        this.feed = ledger == null
                ? Optional.empty()
                : Optional.of(new UsageFeed(
                        database, ledger, Set.copyOf(builder.fed), subscriptions, usage, findings, clock));
        this.comparer = new UsageComparer(database, customers, usage, findings, clock);
        this.access = new PaidAccess(database, subscriptions, clock, builder.freshness());
        this.operationTable = new OperationTable(database);
        this.retention = builder.retention;
        SubscriptionSync sync = new SubscriptionSync(
                database,
                subscriptions,
                operationTable,
                customers,
                events,
                standings,
                findings,
                prices,
                clock,
                this::committed);
        this.operations = new Operations(
                database, providers, operationTable, subscriptions, customers, findings, standings, sync, clock);
        this.reconciler = new Reconciler(database, subscriptions, sync, clock);
        this.intake = new WebhookIntake(database, sync, events, usage, clock);
    }

    /** Begins with the database that the history of plans and the ledger are in; it stays the caller's. */
    public static PaymentsBuilder builder(Database database) {
        return new PaymentsBuilder(database);
    }

    /** {@code POST /webhooks/NAME} for each provider, to be mounted beside the endpoint. */
    public List<HttpRoute> routes() {
        return providers.values().stream().map(intake::route).toList();
    }

    /** What providers say that tenants pay for. */
    public PaidAccess access() {
        return access;
    }

    /** Usage on its way to providers. */
    public UsageOutbox usage() {
        return usage;
    }

    /**
     * Begins a subscription on a page of the provider's.
     *
     * @param request what makes this the same request when it is made again: an id that the caller keeps
     * @param trial in whole days, zero for none; not every provider grants what its price does not have
     */
    public OperationResult checkout(
            String tenant,
            String request,
            String provider,
            String plan,
            Currency currency,
            Duration trial,
            URI returnUrl,
            URI cancelUrl) {
        return offered(provider, plan, currency)
                .map(price -> operations.request(
                        provider(provider),
                        Rows.plain("A request", request),
                        new Operation.Checkout(
                                newId(), Rows.plain("A tenant", tenant), null, price, trial, returnUrl, cancelUrl)))
                .orElseGet(() -> notSold(plan, currency));
    }

    /** Begins a subscription that is paid in a way which the provider knows, or on trial. */
    public OperationResult subscribe(
            String tenant, String request, String provider, String plan, Currency currency, Duration trial) {
        return offered(provider, plan, currency)
                .map(price -> operations.request(
                        provider(provider),
                        Rows.plain("A request", request),
                        new Operation.Subscribe(newId(), Rows.plain("A tenant", tenant), null, price, trial)))
                .orElseGet(() -> notSold(plan, currency));
    }

    /** Moves a tenant's subscription to another plan. */
    public OperationResult change(
            String tenant, String request, String plan, Currency currency, Operation.Proration proration) {
        Optional<StoredSubscription> current = live(tenant);
        if (current.isEmpty()) {
            return notSubscribed();
        }
        String provider = current.get().provider();
        return offered(provider, plan, currency)
                .map(price -> operations.request(
                        provider(provider),
                        Rows.plain("A request", request),
                        new Operation.Change(newId(), tenant, current.get().id(), price, proration, clock.instant())))
                .orElseGet(() -> notSold(plan, currency));
    }

    /** Ends a tenant's subscription. */
    public OperationResult cancel(String tenant, String request, Operation.CancelWhen when) {
        Optional<StoredSubscription> current = cancellable(tenant);
        return current.isEmpty()
                ? notSubscribed()
                : operations.request(
                        provider(current.get().provider()),
                        Rows.plain("A request", request),
                        new Operation.Cancel(newId(), tenant, current.get().id(), when));
    }

    /** Withdraws a page that awaits a tenant, so that another subscription can be begun. */
    public boolean withdraw(String tenant) {
        return operations.withdraw(tenant);
    }

    /** Where a tenant manages cards and invoices. Empty if the provider has no such page, or no such customer. */
    public Optional<URI> portal(String tenant, String provider, URI returnUrl) {
        Optional<String> customer =
                database.read("Finding a customer", connection -> customers.customer(connection, provider, tenant));
        return customer.flatMap(id -> provider(provider).portal(id, returnUrl));
    }

    /** Does what is due: operations, the end of graces, usage. Never fails because of a provider. */
    public void run() {
        operations.run();
        Instant now = clock.instant();
        List<String> due =
                database.read("Looking for ends", connection -> standings.due(connection, now, TENANTS_AT_ONCE));
        for (String tenant : due) {
            database.write("Ending a grace", connection -> {
                standings.lock(connection, tenant);
                standings.announce(connection, tenant, clock.instant());
                return true;
            });
            committed(tenant);
        }
        for (PaymentProvider provider : providers.values()) {
            usage.send(provider);
        }
    }

    /** What fails here does not undo what has taken place. */
    private void committed(String tenant) {
        access.forget(tenant);
        try {
            changes.committed(tenant);
        } catch (RuntimeException e) {
            LOG.warn("What is kept in memory of a tenant may be older than it has to be", e);
        }
    }

    /**
     * Compares everything with the providers.
     *
     * @param maximumRepairs how many differences are put right here, for each provider; the rest is only reported
     */
    public List<Reconciliation> reconcile(int maximumRepairs) {
        return providers.values().stream()
                .map(provider -> reconciler.run(provider, maximumRepairs))
                .toList();
    }

    /**
     * Writes down what the ledger says was used in hours that are settled, for the providers that tenants pay through;
     * {@link #run} sends it. Call it every minute or so, on one replica or on all. Nothing happens without
     * {@link PaymentsBuilder#usageFrom}.
     */
    public void feed() {
        feed.ifPresent(one -> providers.values().forEach(one::run));
    }

    /**
     * Forgets what came to its end so long ago that nobody needs it any more, as {@link PaymentsBuilder#retention} says: a
     * few rows at a time, on one replica or on several. Call it every day.
     *
     * @return how many rows that were
     */
    public long forget() {
        Instant now = clock.instant();
        long forgotten = events.forget(now.minus(retention.webhooks()));
        forgotten += operationTable.forget(now.minus(retention.operations()));
        for (String provider : providers.keySet()) {
            forgotten += usage.forget(provider, now.minus(retention.usage()));
        }
        return forgotten;
    }

    /**
     * Compares what providers count with what they have taken, for each tenant and meter, up to two hours ago. What still
     * waits to be sent, or is not known to have been taken, is left for the next time. A difference is a
     * {@link Finding.Kind#USAGE_DIFFERENT}, and removed when it is gone. Never fails because of a provider.
     *
     * @param from by the times of use; rounded to the hour. What may be forgotten by now is not compared
     */
    public List<UsageComparison> compareUsage(Instant from) {
        Instant kept = clock.instant().minus(retention.usage()).plus(Duration.ofDays(1));
        Instant since = from.isBefore(kept) ? kept : from;
        return providers.values().stream()
                .flatMap(provider -> comparer.compare(provider, since).stream())
                .toList();
    }

    JobTable jobs() {
        return new JobTable(database);
    }

    Clock clock() {
        return clock;
    }

    /** The webhooks of the last months that had an effect, or turned out to need none, for the administration API. */
    public WebhookLog webhooks() {
        return (after, limit) -> database.read("Listing webhooks", connection -> events.list(connection, after, limit));
    }

    /** What somebody should look at, the latest first. */
    public List<Finding> findings(int limit) {
        return database.read("Listing findings", connection -> findings.list(connection, limit));
    }

    /** Removes a finding that was dealt with. */
    public boolean resolve(String provider, Finding.Kind kind, String subject) {
        return database.write(
                "Resolving a finding", connection -> findings.remove(connection, provider, kind, subject));
    }

    private Optional<StoredSubscription> live(String tenant) {
        return current(tenant).filter(one -> one.status().isLive());
    }

    /** Also what has ended by now, so that the same request made again finds what came of it. */
    private Optional<StoredSubscription> cancellable(String tenant) {
        return current(tenant);
    }

    private Optional<StoredSubscription> current(String tenant) {
        List<StoredSubscription> all =
                database.read("Finding subscriptions", connection -> subscriptions.ofTenant(connection, tenant));
        return all.stream()
                .filter(one -> one.status().isLive())
                .findFirst()
                .or(() -> StandingTable.best(all, Duration.ZERO, clock.instant()));
    }

    private Optional<PlanPrice> offered(String provider, String plan, Currency currency) {
        return prices.offered(provider, plan, currency);
    }

    private PaymentProvider provider(String name) {
        PaymentProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException("There is no provider " + name);
        }
        return provider;
    }

    private static OperationResult notSold(String plan, Currency currency) {
        return new OperationResult.Refused("not_sold", "The plan " + plan + " has no price in " + currency);
    }

    private static OperationResult notSubscribed() {
        return new OperationResult.Refused("not_subscribed", "This tenant has no subscription");
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
