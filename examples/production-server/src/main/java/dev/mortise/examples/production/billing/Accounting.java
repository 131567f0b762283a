package dev.mortise.examples.production.billing;

import dev.mortise.billing.Billing;
import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.Offer;
import dev.mortise.billing.payment.PaidSubscriptions;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.observe.BackgroundGauge;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.security.SecurityLevel;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Who may use how much, what was used, what that costs, and who collects it: the ledger and the books, metering as a part
 * of the server, and payments where a provider is set. Closes what it opened, in reverse.
 */
public final class Accounting implements McpServer.Plugin, AutoCloseable {
    /** A change of plan that another replica made counts here after half of this. */
    private static final Duration SNAPSHOT_AGE = Duration.ofMinutes(1);

    private static final int MOST_KNOWN = 100_000;
    private static final int BAD_REQUEST = 400;

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Books books;
    private final SnapshotEntitlements entitlements;
    private final Billing billing;
    private final Payments payments;
    private final List<PlanPrice> sold;
    private final URI upgradePage;
    private final MetricSink metrics;

    private Accounting(Settings settings, Stores stores, URI resource, Clock clock, MetricSink metrics)
            throws IOException {
        this.metrics = metrics;
        JdbcLedgerStore store =
                opened(JdbcLedgerStore.in(stores.dataSource("ledger")).migrate());
        books = opened(
                Books.sql(stores.dataSource("books")).clock(clock).usage(store).migrate());
        Plan otherwise = Catalogue.publish(books, settings);
        entitlements = books.entitlements(otherwise, SNAPSHOT_AGE);
        upgradePage = settings.find(Setting.MORTISE_UPGRADE_PAGE)
                .map(URI::create)
                .orElseGet(() -> resource.resolve("/plans"));
        billing = opened(Billing.in(store, entitlements)
                .tenantOf(Payer::of)
                .upgradePage(upgradePage)
                .linger(stores.linger())
                .quotaWith(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .clock(clock)
                .build());
        sold = Providers.prices(settings);
        for (PlanPrice price : sold) {
            if (Offers.offer(books, price).isEmpty()) {
                throw new IOException((price.provider().equals("stripe") ? "STRIPE_PRICES" : "PAYPAL_PLANS") + " names "
                        + price.plan() + ", which is no plan");
            }
        }
        payments = payments(settings, stores, clock);
        metrics.gauge(
                MetricNames.BILLING_OUTBOX_PENDING,
                Map.of(),
                BackgroundGauge.of(() -> payments.usage().unsent()));
        openTheHouse();
    }

    /** @throws IOException if something that is set cannot be used, naming the setting */
    public static Accounting open(Settings settings, Stores stores, URI resource, Clock clock, MetricSink metrics)
            throws IOException {
        return new Accounting(settings, stores, resource, clock, metrics);
    }

    private Payments payments(Settings settings, Stores stores, Clock clock) throws IOException {
        // In one database with the books: what is paid for is in both, or in neither.
        Database database = opened(Database.of(stores.dataSource("books")));
        return Providers.of(settings, database, clock)
                .changes(new PaidSubscriptions(database, books, entitlements::forget))
                .migrate();
    }

    /** At the first start of all: who has no tenant is of the house, which may do everything, for nothing. */
    private void openTheHouse() {
        if (books.tenants().find(Payer.HOUSE).isPresent()) {
            return;
        }
        books.tenants().register(Payer.HOUSE, "The house", ZoneOffset.UTC);
        try {
            PlanRef plan = books.plans().newest("enterprise").orElseThrow();
            books.subscriptions()
                    .begin(
                            Payer.HOUSE,
                            plan,
                            Optional.of(Money.zero(books.plans().get(plan).currency())),
                            Optional.empty(),
                            books.tenants().find(Payer.HOUSE).orElseThrow().createdAt());
        } catch (InvalidChange e) {
            // Another replica was quicker.
            entitlements.forget(Payer.HOUSE);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    public Books books() {
        return books;
    }

    public SnapshotEntitlements entitlements() {
        return entitlements;
    }

    public Billing billing() {
        return billing;
    }

    public Ledger ledger() {
        return billing.ledger();
    }

    public Meters meters() {
        return Meters.standard();
    }

    /** With the providers that are set; where there are none, administrators say who has which plan. */
    public Payments payments() {
        return payments;
    }

    /** The plans that tenants can pay for by themselves, each with its provider; none where none is set. */
    public List<Offer> offers() {
        return sold.stream()
                .flatMap(price -> Offers.offer(books, price).stream())
                .toList();
    }

    /** Puts a tenant that calls for the first time into the books, where administrators see it. */
    public void know(String payer) {
        if (known.size() < MOST_KNOWN && known.add(payer)) {
            try {
                if (books.tenants().find(payer).isEmpty()) {
                    books.tenants().register(payer, payer, ZoneOffset.UTC);
                }
            } catch (StoreUnavailable e) {
                // It is no reason to refuse a call.
                known.remove(payer);
            }
        }
    }

    /** Where users change their plan. */
    public URI upgradePage() {
        return upgradePage;
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.plugin(billing);
        payments.routes().forEach(route -> builder.route(counted(route)));
    }

    /** A webhook of a provider that is refused, or not handled, is counted; the path ends with the provider's name. */
    private HttpRoute counted(HttpRoute route) {
        String source = route.path().substring(route.path().lastIndexOf('/') + 1);
        LongConsumer failures = metrics.counter(MetricNames.WEBHOOK_FAILURES, Map.of("source", source));
        return new HttpRoute(route.method(), route.path(), route.anyHost(), request -> {
            HttpRoute.Response response = route.handler().handle(request);
            if (response.status() >= BAD_REQUEST) {
                failures.accept(1);
            }
            return response;
        });
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("The accounts do not close", e);
            }
        }
    }
}
