package dev.mortise.billing.books;

import dev.mortise.billing.admin.AdministrationAudit;
import dev.mortise.billing.invoice.Invoicing;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.plan.Plan;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.StoreSetup;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The books: tenants, plans, subscriptions, credits and invoices, in PostgreSQL 12 or later or in a SQLite file.
 * Thread-safe. Every change is one transaction; every method throws {@link StoreUnavailable} if the database does not
 * answer.
 *
 * <pre>{@code
 * Books books = Books.sql(dataSource).usage(ledger).migrate();
 * books.plans().publish(Plans.STANDARD);
 * books.tenants().register("acme", "Acme Ltd.", ZoneId.of("Europe/Berlin"));
 * books.subscriptions().begin("acme", new PlanRef("starter", 1));
 * }</pre>
 */
public final class Books implements AutoCloseable {
    private static final String HISTORY = "book_migrations";
    private static final List<String> MIGRATIONS = List.of("101-books");

    private final Database database;
    private final Writer writer;
    private final Setup setup;
    private final Tenants tenants;
    private final PublishedPlans plans;
    private final Subscriptions subscriptions;
    private final Credits credits;
    private final Invoices invoices;

    private Books(Database database, Writer writer, Setup setup, PublishedPlans sharedPlans) {
        this.database = database;
        this.writer = writer;
        this.setup = setup;
        this.tenants = new Tenants(database, writer, setup.clock);
        this.plans = sharedPlans.with(writer);
        this.subscriptions = new Subscriptions(database, writer, tenants, plans, setup.clock);
        this.credits = new Credits(database, writer, tenants, setup.clock);
        this.invoices = new Invoices(
                new InvoiceTable(database),
                writer,
                tenants,
                subscriptions,
                credits,
                new Invoicing(plans, setup.usage),
                setup.clock,
                setup.settle);
    }

    /** Begins with a data source for PostgreSQL, or for a SQLite file. */
    public static Setup sql(DataSource dataSource) {
        return new Setup(dataSource);
    }

    /** Where and how. Not thread-safe. */
    public static final class Setup extends StoreSetup<Setup, Books> {
        private Clock clock = Clock.systemUTC();
        private Duration settle = Duration.ofHours(1);
        private UsageReader usage = NoUsage.READER;
        private @Nullable AdministrationAudit audit;

        private Setup(DataSource dataSource) {
            super(dataSource, HISTORY, MIGRATIONS);
        }

        public Setup clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        /** Where usage is read for invoices; there is none unless set. */
        public Setup usage(UsageReader newUsage) {
            this.usage = newUsage;
            return this;
        }

        /** How long after the end of a period it is invoiced, so that late events are in it; one hour unless set. */
        public Setup settleFor(Duration newSettle) {
            if (newSettle.isNegative()) {
                throw new IllegalArgumentException("A period is not invoiced before its end");
            }
            this.settle = newSettle;
            return this;
        }

        /**
         * Where every change is taken down before it is made, and how it ended; nowhere unless set. Whose it is,
         * {@link Books#by} says. A change for which {@link Books#within} joins another transaction is a part of that, and
         * not taken down.
         */
        public Setup audit(AdministrationAudit newAudit) {
            this.audit = newAudit;
            return this;
        }

        @Override
        protected Books open(Database database) {
            Witness witness = audit == null ? null : new Witness(audit, Witness.APPLICATION, clock);
            Writer writer = new Writer(database, clock, null, null, witness);
            return new Books(database, writer, this, new PublishedPlans(database, writer, clock));
        }
    }

    /** The same books, in which one change happens once, however often it is sent. For one change, and not for more. */
    public Books under(Command command) {
        return new Books(database, writer.under(command), setup, plans);
    }

    /** The same books, for changes within a transaction of the same database that somebody else commits. */
    public Books within(Connection transaction) {
        return new Books(database, writer.within(transaction), setup, plans);
    }

    /**
     * The same books, of which the changes are taken down as those of this administrator. Without it, they are those of
     * {@code application}.
     *
     * @param administrator at most 200 characters
     */
    public Books by(String administrator) {
        Texts.require("An administrator", administrator, Texts.ID);
        return new Books(database, writer.by(administrator), setup, plans);
    }

    /** The same books, for whoever has changes taken down elsewhere, as the administration API over HTTP does. */
    public Books unaudited() {
        return new Books(database, writer.unaudited(), setup, plans);
    }

    public Tenants tenants() {
        return tenants;
    }

    public PublishedPlans plans() {
        return plans;
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Credits credits() {
        return credits;
    }

    public Invoices invoices() {
        return invoices;
    }

    /**
     * What tenants may do, from memory.
     *
     * @param fallback the plan of those who have none, or do not pay; {@code null} for nothing
     * @param maxAge how old what is in memory may be; it is read anew when it is half as old
     */
    public SnapshotEntitlements entitlements(@Nullable Plan fallback, Duration maxAge) {
        return new SnapshotEntitlements(subscriptions::ofTenant, plans, fallback, maxAge, setup.clock);
    }

    /** Forgets commands that were carried out before then. */
    public void forgetCommands(Instant before) {
        Commands.forget(database, before);
    }

    /** Ends the threads and connections that this has of its own. The data source stays open. */
    @Override
    public void close() {
        database.close();
    }
}
