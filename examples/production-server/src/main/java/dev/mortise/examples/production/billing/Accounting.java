package dev.mortise.examples.production.billing;

import dev.mortise.billing.Billing;
import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.PaidSubscriptions;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.store.jdbc.Database;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may use how much, what was used, what that costs, and who collects it: the ledger and the books, metering as a part
 * of the server, and payments where a provider is set. Closes what it opened, in reverse.
 */
public final class Accounting implements McpServer.Plugin, AutoCloseable {
    /** A change of plan that another replica made counts here after half of this. */
    private static final Duration SNAPSHOT_AGE = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Books books;
    private final SnapshotEntitlements entitlements;
    private final Billing billing;
    private final @Nullable Payments payments;
    private final URI upgradePage;

    private Accounting(Settings settings, Stores stores, URI resource, Clock clock) throws IOException {
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
                .clock(clock)
                .build());
        payments = payments(settings, stores, clock);
        openTheHouse();
    }

    /** @throws IOException if something that is set cannot be used, naming the setting */
    public static Accounting open(Settings settings, Stores stores, URI resource, Clock clock) throws IOException {
        return new Accounting(settings, stores, resource, clock);
    }

    private @Nullable Payments payments(Settings settings, Stores stores, Clock clock) throws IOException {
        if (!Providers.areSet(settings)) {
            return null;
        }
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

    /** Empty where no provider is set: then administrators say who has which plan. */
    public Optional<Payments> payments() {
        return Optional.ofNullable(payments);
    }

    /** Where users change their plan. */
    public URI upgradePage() {
        return upgradePage;
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.plugin(billing);
        payments().ifPresent(provider -> provider.routes().forEach(builder::route));
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
