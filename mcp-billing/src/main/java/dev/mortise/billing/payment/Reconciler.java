package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is known here with what a provider has, in both directions. Only what is known here is ever put right, and
 * only up to a bound: a great many differences at once are more likely a wrong key or a wrong list of prices than a great
 * many lost messages.
 */
final class Reconciler {
    private static final int PAGE = 100;

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

        void count(Map<Effect, Integer> side, Effect effect) {
            side.merge(effect, 1, Integer::sum);
            if (effect == Effect.CHANGED) {
                repairs++;
            }
        }
    }

    Reconciliation run(PaymentProvider provider, int maximumRepairs) {
        Run run = new Run();
        @Nullable String interrupted = null;
        try {
            compareKnown(provider, maximumRepairs, run);
            compareListed(provider, maximumRepairs, run);
        } catch (ProviderException e) {
            interrupted = e.getMessage();
        }
        return Reconciliation.of(provider.name(), clock.instant(), run.here, run.there, run.listed, interrupted);
    }

    private void compareKnown(PaymentProvider provider, int maximumRepairs, Run run) {
        String after = "";
        List<StoredSubscription> page;
        do {
            String from = after;
            page = database.read(
                    "Listing subscriptions", connection -> subscriptions.open(connection, provider.name(), from, PAGE));
            for (StoredSubscription one : page) {
                run.count(run.here, sync.sync(provider, one.id(), new Cause.Comparison(run.repairs < maximumRepairs)));
                after = one.id();
            }
        } while (page.size() == PAGE);
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
                    run.count(
                            run.there,
                            sync.sync(provider, one.id(), new Cause.Comparison(run.repairs < maximumRepairs)));
                }
                after = one.id();
            }
        }
    }
}
