package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what was written down, until the provider has done or refused it. Between any two steps the process may die: what
 * was written is found by the next pass, and the provider knows by the operation's id what it has done already.
 */
final class Operations {
    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(15);
    private static final int BATCH = 50;

    private final Database database;
    private final Map<String, PaymentProvider> providers;
    private final OperationTable table;
    private final SubscriptionTable subscriptions;
    private final CustomerTable customers;
    private final FindingTable findings;
    private final StandingTable standings;
    private final SubscriptionSync sync;
    private final Clock clock;

    Operations(
            Database database,
            Map<String, PaymentProvider> providers,
            OperationTable table,
            SubscriptionTable subscriptions,
            CustomerTable customers,
            FindingTable findings,
            StandingTable standings,
            SubscriptionSync sync,
            Clock clock) {
        this.database = database;
        this.providers = providers;
        this.table = table;
        this.subscriptions = subscriptions;
        this.customers = customers;
        this.findings = findings;
        this.standings = standings;
        this.sync = sync;
        this.clock = clock;
    }

    /** Writes an operation down, unless the request was, and does it. */
    OperationResult request(PaymentProvider provider, String request, Operation operation) {
        Instant now = clock.instant();
        boolean begins = operation instanceof Operation.Checkout || operation instanceof Operation.Subscribe;
        Supplier<OperationResult> answer = database.write("Writing an operation down", connection -> {
            Optional<StoredOperation> same = table.request(connection, operation.tenant(), request);
            if (same.isPresent()) {
                String id = same.get().id();
                return same.get().digest().equals(OperationText.digest(provider.name(), operation))
                        ? () -> proceed(id)
                        : () -> new OperationResult.Refused(
                                "request_conflict", "This request was made before, and was another");
            }
            if (begins) {
                // Whoever ends a beginning has a subscription in the same transaction: that is waited for, so that it
                // is seen.
                standings.lock(connection, operation.tenant());
            }
            if (begins && hasLive(subscriptions.ofTenant(connection, operation.tenant()))) {
                return () -> new OperationResult.Refused(
                        "subscribed_already", "This tenant has a subscription: change it instead");
            }
            if (!table.add(connection, request, provider.name(), operation, now)) {
                return () -> new OperationResult.Refused(
                        "beginning_already", "A subscription of this tenant is being begun: finish or withdraw that");
            }
            return () -> proceed(operation.id());
        });
        return answer.get();
    }

    private static boolean hasLive(List<StoredSubscription> all) {
        return all.stream().anyMatch(one -> one.status().isLive());
    }

    /** Ends a page that nobody has used, so that another can take its place. */
    boolean withdraw(String tenant) {
        Optional<StoredOperation> beginning =
                database.read("Finding an operation", connection -> table.beginning(connection, tenant));
        if (beginning.isEmpty() || beginning.get().state() != OperationState.AWAITING) {
            return false;
        }
        StoredOperation stored = beginning.get();
        PaymentProvider provider = provider(stored);
        if (stored.reference() != null) {
            provider.withdraw(stored.reference());
        }
        // It may have been used in the last moment.
        look(provider, stored);
        return database.write("Withdrawing an operation", connection -> {
            StoredOperation now = table.find(connection, stored.id()).orElse(stored);
            return switch (now.state()) {
                case AWAITING ->
                    table.end(connection, stored.id(), OperationState.EXPIRED, null, "withdrawn", clock.instant());
                case EXPIRED -> true;
                case OPEN, DONE, REFUSED, UNCERTAIN -> false;
            };
        });
    }

    /** Does what is due. */
    int run() {
        List<StoredOperation> due =
                database.read("Looking for operations", connection -> table.due(connection, clock.instant(), BATCH));
        for (StoredOperation stored : due) {
            if (providers.containsKey(stored.provider())) {
                proceed(stored.id());
            }
        }
        return due.size();
    }

    private OperationResult proceed(String id) {
        boolean mine = database.write(
                "Claiming an operation", connection -> table.claim(connection, id, clock.instant(), LEASE));
        if (mine) {
            attempt(stored(id));
        }
        return result(stored(id));
    }

    private StoredOperation stored(String id) {
        return database.read("Finding an operation", connection -> table.find(connection, id))
                .orElseThrow(() -> new IllegalStateException("The operation " + id + " is gone"));
    }

    private OperationResult result(StoredOperation stored) {
        return switch (stored.state()) {
            case OPEN -> new OperationResult.Later(stored.id());
            case AWAITING -> {
                URI page = stored.page();
                Instant expires = stored.pageExpiresAt();
                yield page == null || expires == null
                        ? new OperationResult.Later(stored.id())
                        : new OperationResult.Awaiting(stored.id(), page, expires);
            }
            case DONE ->
                new OperationResult.Done(stored.id(), stored.subscription() == null ? "" : stored.subscription());
            case REFUSED -> {
                String error = stored.error() == null ? "refused" : stored.error();
                int colon = error.indexOf(": ");
                yield new OperationResult.Refused(
                        colon < 0 ? error : error.substring(0, colon), colon < 0 ? "" : error.substring(colon + 2));
            }
            case EXPIRED -> new OperationResult.Refused("expired", "Its page was not used in time, or withdrawn");
            case UNCERTAIN ->
                new OperationResult.Refused("uncertain", "Nobody knows whether it took place: see the findings");
        };
    }

    private PaymentProvider provider(StoredOperation stored) {
        PaymentProvider provider = providers.get(stored.provider());
        if (provider == null) {
            throw new IllegalStateException("There is no provider " + stored.provider());
        }
        return provider;
    }

    private void attempt(StoredOperation stored) {
        PaymentProvider provider = provider(stored);
        Instant now = clock.instant();
        try {
            if (stored.state() == OperationState.AWAITING) {
                look(provider, stored);
                return;
            }
            Operation operation = OperationText.read(stored, customer(provider, stored));
            Instant first = stored.firstAttemptAt();
            boolean forgotten =
                    stored.attempts() > 1 && first != null && !now.isBefore(first.plus(provider.repeatable()));
            Found found = forgotten ? find(provider, operation, stored) : new Found(null, false);
            if (!found.uncertain()) {
                Performed performed = found.performed();
                settle(provider, stored, operation, performed != null ? performed : provider.perform(operation));
            }
        } catch (ProviderUnavailable e) {
            postpone(stored, e);
        } catch (ProviderRefused e) {
            LOG.info("{} refused the operation {}: {}", provider.name(), stored.id(), e.code());
            database.write(
                    "Ending an operation",
                    connection -> table.end(
                            connection,
                            stored.id(),
                            OperationState.REFUSED,
                            null,
                            e.code() + ": " + e.getMessage(),
                            clock.instant()));
        }
    }

    /**
     * What is known of an operation at the provider.
     *
     * @param performed {@code null} if it did not take place
     * @param uncertain whether nobody can tell; that has been written down
     */
    private record Found(@Nullable Performed performed, boolean uncertain) {}

    private Found find(PaymentProvider provider, Operation operation, StoredOperation stored) {
        try {
            return new Found(provider.find(operation, stored.reference()).orElse(null), false);
        } catch (ProviderRefused e) {
            Instant now = clock.instant();
            database.write("Ending an operation", connection -> {
                findings.record(
                        connection,
                        new Finding(
                                provider.name(),
                                Finding.Kind.UNCERTAIN_OPERATION,
                                stored.id(),
                                stored.tenant(),
                                stored.kind() + ": " + e.getMessage(),
                                now));
                return table.end(connection, stored.id(), OperationState.UNCERTAIN, null, e.code(), now);
            });
            return new Found(null, true);
        }
    }

    private @Nullable String customer(PaymentProvider provider, StoredOperation stored) {
        if (!stored.begins()) {
            return null;
        }
        Optional<String> known = database.read(
                "Finding a customer", connection -> customers.customer(connection, provider.name(), stored.tenant()));
        if (known.isPresent()) {
            return known.get();
        }
        String made = provider.customer(stored.tenant());
        return made == null
                ? null
                : database.write(
                        "Linking a customer",
                        connection ->
                                customers.link(connection, provider.name(), stored.tenant(), made, clock.instant()));
    }

    private void settle(PaymentProvider provider, StoredOperation stored, Operation operation, Performed performed) {
        switch (performed) {
            case Performed.Done done -> {
                boolean endsNow =
                        operation instanceof Operation.Cancel cancel && cancel.when() == Operation.CancelWhen.NOW;
                sync.sync(provider, done.subscription(), new Cause.Done(stored.id(), endsNow));
            }
            case Performed.Awaiting awaiting -> {
                Instant now = clock.instant();
                Instant look = now.plus(LOOK_EVERY);
                database.write("Awaiting a tenant", connection -> {
                    table.await(connection, stored.id(), awaiting, look, now);
                    return true;
                });
            }
        }
    }

    /** Whether a page was used in the meantime: the message about it may never come. */
    private void look(PaymentProvider provider, StoredOperation stored) {
        Operation operation = OperationText.read(stored, customer(provider, stored));
        Found found = find(provider, operation, stored);
        if (found.uncertain()) {
            return;
        }
        if (found.performed() instanceof Performed.Done done) {
            settle(provider, stored, operation, done);
            return;
        }
        Instant now = clock.instant();
        Instant expires = stored.pageExpiresAt();
        boolean over = found.performed() == null || (expires != null && !now.isBefore(expires));
        database.write("Looking after an operation", connection -> {
            if (over) {
                return table.end(connection, stored.id(), OperationState.EXPIRED, null, null, now);
            }
            table.postpone(connection, stored.id(), now.plus(LOOK_EVERY), null, now);
            return true;
        });
    }

    private void postpone(StoredOperation stored, ProviderUnavailable reason) {
        LOG.info("The operation {} is tried again later: {}", stored.id(), reason.getMessage());
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(10, Math.max(0, stored.attempts() - 1)));
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        Duration wanted = reason.retryAfter();
        Instant now = clock.instant();
        Instant due = now.plus(wanted.compareTo(bounded) > 0 ? wanted : bounded);
        database.write("Postponing an operation", connection -> {
            table.postpone(connection, stored.id(), due, reason.getMessage(), now);
            return true;
        });
    }
}
