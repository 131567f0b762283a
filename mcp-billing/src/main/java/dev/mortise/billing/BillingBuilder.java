package dev.mortise.billing;

import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.quota.MeteringOptions;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.billing.quota.ReceiptSigner;
import dev.mortise.billing.quota.ThresholdListener;
import dev.mortise.billing.quota.WhenUnavailable;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.store.StoreUnavailable;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Composes {@link Billing}. Not thread-safe. */
public final class BillingBuilder {
    private final LedgerStore store;
    private final Entitlements entitlements;
    private Meters meters = Meters.standard();
    private Function<Caller, String> tenantOf = BillingBuilder::tenant;
    private Weight toolWeight = Weight.of(Meter.API_CALLS, 1);
    private RefundPolicy refunds = RefundPolicy.STANDARD;
    private @Nullable URI upgrade;
    private boolean asksToUpgrade;
    private @Nullable ReceiptSigner receipts;
    private WhenUnavailable whenUnavailable = WhenUnavailable.REFUSE;
    private ThresholdListener thresholds = threshold -> {};
    private Clock clock = Clock.systemUTC();
    private Duration timeout = Duration.ofSeconds(2);
    private Duration taskTtl = Duration.ofMinutes(10);
    private Duration lease = Duration.ofSeconds(30);
    private int backlog = 20_000;
    private Duration linger = Duration.ZERO;
    private UnaryOperator<Resource.Builder> quotaMarks = UnaryOperator.identity();

    BillingBuilder(LedgerStore store, Entitlements entitlements) {
        this.store = store;
        this.entitlements = entitlements;
    }

    /** A caller without a tenant pays for themselves. */
    private static String tenant(Caller caller) {
        return caller.tenant().orElseGet(() -> '~' + caller.subject());
    }

    /** Adds a meter of your own. */
    public BillingBuilder meter(Meter meter) {
        this.meters = meters.and(meter);
        return this;
    }

    /** Who pays for a caller; its tenant unless set, or {@code ~} and its subject where it has none. */
    public BillingBuilder tenantOf(Function<Caller, String> newTenantOf) {
        this.tenantOf = newTenantOf;
        return this;
    }

    /** What a tool weighs that does not say; one of {@link Meter#API_CALLS} unless set. */
    public BillingBuilder toolWeight(Weight weight) {
        this.toolWeight = weight;
        return this;
    }

    /** {@link RefundPolicy#STANDARD} unless set. */
    public BillingBuilder refunds(RefundPolicy policy) {
        this.refunds = policy;
        return this;
    }

    /**
     * A page where users change their plan. It is given out to clients and models: it must be a page of your own, which
     * signs the user in first, and never one of a provider's sessions.
     */
    public BillingBuilder upgradePage(URI page) {
        this.upgrade = page;
        return this;
    }

    /** Asks the user to open that page, where the client can, before a call is denied. */
    public BillingBuilder askToUpgrade() {
        this.asksToUpgrade = true;
        return this;
    }

    /** Puts a signed receipt into every result that was charged. */
    public BillingBuilder receipts(ReceiptSigner signer) {
        this.receipts = signer;
        return this;
    }

    /** {@link WhenUnavailable#REFUSE} unless set. */
    public BillingBuilder whenUnavailable(WhenUnavailable policy) {
        this.whenUnavailable = policy;
        return this;
    }

    /** Is told once when a share of what is included is used. */
    public BillingBuilder onThreshold(ThresholdListener listener) {
        this.thresholds = listener;
        return this;
    }

    /**
     * Puts a value of another module on the resource of what is left, {@code billing://quota}. Where mcp-security is
     * installed, what declares no level needs an approval for each read:
     *
     * <pre>{@code
     * Billing.in(store, entitlements).quotaWith(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
     * }</pre>
     */
    public <T> BillingBuilder quotaWith(Attribute<T> attribute, T value) {
        UnaryOperator<Resource.Builder> before = this.quotaMarks;
        this.quotaMarks = resource -> before.apply(resource).with(attribute, value);
        return this;
    }

    public BillingBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    /** How long a call waits for its charge to be written; two seconds unless set. */
    public BillingBuilder timeout(Duration newTimeout) {
        this.timeout = positive(newTimeout);
        return this;
    }

    /** How long a charge is held for a task that is not heard of; ten minutes unless set. */
    public BillingBuilder taskTtl(Duration ttl) {
        this.taskTtl = positive(ttl);
        return this;
    }

    /** How long units that this replica holds are kept from others when it is not heard of; 30 seconds unless set. */
    public BillingBuilder lease(Duration ttl) {
        this.lease = positive(ttl);
        return this;
    }

    /** How many charges may wait to be written; 20,000 unless set. */
    public BillingBuilder backlog(int charges) {
        this.backlog = charges;
        return this;
    }

    /**
     * How long after one transaction of charges has begun the next begins at the soonest; not at all unless set. Where calls
     * come many at a time, some milliseconds put more of them into one transaction and spare the database most of its work;
     * they wait that much longer for their answers. A call that comes after a silence waits for nothing.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public BillingBuilder linger(Duration newLinger) {
        if (newLinger.isNegative()) {
            throw new IllegalArgumentException("To linger takes no negative time, but this is " + newLinger);
        }
        this.linger = newLinger;
        return this;
    }

    private static Duration positive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("A duration is positive, but this one is " + duration);
        }
        return duration;
    }

    /**
     * Starts counting.
     *
     * @throws StoreUnavailable if the store does not answer
     * @throws IllegalArgumentException if users are to be asked to open a page, and there is none
     */
    public Billing build() {
        if (asksToUpgrade) {
            Objects.requireNonNull(upgrade, "askToUpgrade needs an upgradePage");
        }
        MeteringOptions options = new MeteringOptions(
                tenantOf, toolWeight, refunds, upgrade, asksToUpgrade, receipts, whenUnavailable, taskTtl);
        Journal journal = Journal.start(store, lease, backlog, linger);
        Quotas quotas = Quotas.start(journal, meters, entitlements, clock, timeout, thresholds);
        Ledger ledger = new Ledger(journal, meters, clock, timeout);
        return new Billing(journal, ledger, quotas, options, entitlements, quotaMarks, clock);
    }
}
