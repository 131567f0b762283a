package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is known here with what a provider has, in both directions. Only what is known here is ever put right, and
 * only up to a bound: a great many differences at once are more likely a wrong key or a wrong list of prices than a great
 * many lost messages.
 */
final class Reconciler {
    private static final int PAGE = 100;

    /** So many that cannot be read one after the other are a provider that cannot be asked. */
    private static final int GONE = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final Database database;
    private final SubscriptionTable subscriptions;
    private final SubscriptionSync sync;
    private final Clock clock;

    Reconciler(Database database, SubscriptionTable subscriptions, SubscriptionSync sync, Clock clock) {
        this.database = database;
        this.subscriptions = subscriptions;
        this.sync = sync;
        this.clock = clock;
    }

    /** Counts of one run. */
    private static final class Run {
        final Map<Effect, Integer> here = new EnumMap<>(Effect.class);
        final Map<Effect, Integer> there = new EnumMap<>(Effect.class);
        boolean listed;
        int repairs;
        int inARow;

        @Nullable
        String interrupted;

        void count(Map<Effect, Integer> side, Effect effect) {
            side.merge(effect, 1, Integer::sum);
            if (effect == Effect.CHANGED) {
                repairs++;
            }
        }
    }

    Reconciliation run(PaymentProvider provider, int maximumRepairs) {
        Run run = new Run();
        try {
            compareKnown(provider, maximumRepairs, run);
            compareListed(provider, maximumRepairs, run);
        } catch (ProviderException e) {
            run.interrupted = e.getMessage();
        }
        return Reconciliation.of(provider.name(), clock.instant(), run.here, run.there, run.listed, run.interrupted);
    }

    private void compareKnown(PaymentProvider provider, int maximumRepairs, Run run) {
        String after = "";
        List<StoredSubscription> page;
        do {
            String from = after;
            page = database.read(
                    "Listing subscriptions", connection -> subscriptions.open(connection, provider.name(), from, PAGE));
            for (StoredSubscription one : page) {
                compare(provider, one.id(), maximumRepairs, run, run.here);
                after = one.id();
            }
        } while (page.size() == PAGE);
    }

    /** One that cannot be read keeps nobody from the others, each night again; a provider that is gone does. */
    private void compare(PaymentProvider provider, String id, int maximumRepairs, Run run, Map<Effect, Integer> side) {
        try {
            run.count(side, sync.sync(provider, id, new Cause.Comparison(run.repairs < maximumRepairs)));
            run.inARow = 0;
        } catch (ProviderException e) {
            if (++run.inARow == GONE) {
                throw e;
            }
            LOG.warn("The subscription {} of {} cannot be compared", id, provider.name(), e);
            run.interrupted = id + ": " + e.getMessage();
        }
    }

    private void compareListed(PaymentProvider provider, int maximumRepairs, Run run) {
        @Nullable String after = null;
        while (true) {
            Optional<List<ProviderSubscription>> page = provider.subscriptions(after);
            if (page.isEmpty()) {
                return;
            }
            run.listed = true;
            if (page.get().isEmpty()) {
                return;
            }
            for (ProviderSubscription one : page.get()) {
                boolean known = database.read(
                        "Finding a subscription",
                        connection -> subscriptions
                                .find(connection, provider.name(), one.id())
                                .isPresent());
                if (!known) {
                    compare(provider, one.id(), maximumRepairs, run, run.there);
                }
                after = one.id();
            }
        }
    }
}
