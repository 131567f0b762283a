package dev.mortise.billing.payment;

import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.meter.Meter;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Migrations;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts {@link Payments} together. Not thread-safe. */
public final class PaymentsBuilder {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    private static final List<String> MIGRATIONS = List.of("001-payment", "002-usage-feed");

    final Database database;
    final Map<String, PaymentProvider> providers = new LinkedHashMap<>();
    PriceList prices = PriceList.of(List.of());
    SubscriptionChanges changes = (connection, change) -> {};
    Clock clock = Clock.systemUTC();
    Retention retention = Retention.STANDARD;

    private Duration grace = Duration.ofDays(7);
    private Duration refresh = Duration.ofSeconds(5);
    private Duration lag = Duration.ofMinutes(1);
    private Duration maximumAge = Duration.ofDays(3);
    private boolean keepStale;

    @Nullable
    UsageReader ledger;

    final Set<String> fed = new TreeSet<>();

    PaymentsBuilder(Database database) {
        this.database = database;
    }

    public PaymentsBuilder provider(PaymentProvider provider) {
        if (!NAME.matcher(provider.name()).matches()) {
            throw new IllegalArgumentException(
                    "A provider's name has lower-case letters, digits and hyphens, and is not " + provider.name());
        }
        if (providers.putIfAbsent(provider.name(), provider) != null) {
            throw new IllegalArgumentException("There are two providers " + provider.name());
        }
        return this;
    }

    public PaymentsBuilder prices(PriceList newPrices) {
        this.prices = newPrices;
        return this;
    }

    /** Where changes take effect, in the same transaction. */
    public PaymentsBuilder changes(SubscriptionChanges newChanges) {
        this.changes = newChanges;
        return this;
    }

    public PaymentsBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    /** For how long what has come to its end is kept, see {@link Payments#forget}. */
    public PaymentsBuilder retention(Retention newRetention) {
        this.retention = newRetention;
        return this;
    }

    /** For how long what is overdue entitles as before; seven days unless set. */
    public PaymentsBuilder grace(Duration newGrace) {
        this.grace = newGrace;
        return this;
    }

    /**
     * How far behind the database entitlements may be: from {@code newRefresh} on they are read again in the background,
     * and from {@code newLag} on the first to ask waits for that, while others go on with the old. Five seconds and a minute unless set.
     */
    public PaymentsBuilder refresh(Duration newRefresh, Duration newLag) {
        this.refresh = newRefresh;
        this.lag = newLag;
        return this;
    }

    /**
     * After this time without a word from the provider a subscription entitles to nothing any more; three days unless
     * set. It should be several nightly comparisons.
     */
    public PaymentsBuilder maximumAge(Duration newMaximumAge) {
        this.maximumAge = newMaximumAge;
        return this;
    }

    /** Has what is older than the maximum age go on entitling, marked as stale, for those who would rather lose money. */
    public PaymentsBuilder keepStale() {
        this.keepStale = true;
        return this;
    }

    /**
     * Reports what the ledger says that tenants have used, by {@link Payments#feed}, to the providers that they pay
     * through and that take reports of usage.
     *
     * @throws IllegalArgumentException if one of the meters is a gauge: a level is not used up
     */
    public PaymentsBuilder usageFrom(UsageReader newLedger, Meter... meters) {
        for (Meter meter : meters) {
            if (meter.kind() != Meter.Kind.COUNTER) {
                throw new IllegalArgumentException("Only counters are reported, and " + meter + " is a gauge");
            }
            fed.add(meter.name());
        }
        this.ledger = newLedger;
        return this;
    }

    PaidAccess.Freshness freshness() {
        return new PaidAccess.Freshness(grace, refresh, lag, maximumAge, keepStale);
    }

    /** Creates or changes the tables as needed. */
    public Payments migrate() {
        migrations().migrate();
        return new Payments(this);
    }

    /** Only checks the tables: somebody else has made them, with {@link #script}. */
    public Payments validate() {
        migrations().validate();
        return new Payments(this);
    }

    /** What {@link #migrate} does in an empty database, as one script for somebody to apply by hand. */
    public String script() {
        return migrations().script();
    }

    private Migrations migrations() {
        return Migrations.of(database, "payment_migrations", PaymentsBuilder.class, MIGRATIONS);
    }
}
