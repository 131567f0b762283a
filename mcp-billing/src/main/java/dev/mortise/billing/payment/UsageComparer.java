package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what a provider counts with what it was told. Nothing is changed but findings. Thread-safe. */
final class UsageComparer {
    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);

    /** Providers add up in the background. */
    private static final Duration LAG = Duration.ofHours(2);

    private final Database database;
    private final CustomerTable customers;
    private final UsageOutbox outbox;
    private final FindingTable findings;
    private final Clock clock;

    UsageComparer(Database database, CustomerTable customers, UsageOutbox outbox, FindingTable findings, Clock clock) {
        this.database = database;
        this.customers = customers;
        this.outbox = outbox;
        this.findings = findings;
        this.clock = clock;
    }

    List<UsageComparison> compare(PaymentProvider provider, Instant since) {
        Instant from = since.truncatedTo(ChronoUnit.HOURS);
        Instant to = clock.instant().minus(LAG).truncatedTo(ChronoUnit.HOURS);
        List<UsageComparison> compared = new ArrayList<>();
        if (!provider.takesUsage() || !from.isBefore(to)) {
            return compared;
        }
        List<UsageOutbox.Taken> all =
                database.read("Adding up usage", connection -> outbox.taken(connection, provider.name(), from, to));
        for (UsageOutbox.Taken taken : all) {
            if (taken.quantity().isEmpty()) {
                continue;
            }
            Optional<String> customer = database.read(
                    "Finding a customer",
                    connection -> customers.customer(connection, provider.name(), taken.tenant()));
            Optional<Long> there;
            try {
                there = customer.flatMap(id -> provider.usage(id, taken.meter(), from, to));
            } catch (ProviderException e) {
                LOG.warn("{} does not say what was used: {}", provider.name(), e.getMessage());
                return compared;
            }
            if (there.isPresent()) {
                UsageComparison one = new UsageComparison(
                        provider.name(),
                        taken.tenant(),
                        taken.meter(),
                        from,
                        to,
                        taken.quantity().get(),
                        there.get());
                note(one);
                compared.add(one);
            }
        }
        return compared;
    }

    private void note(UsageComparison one) {
        String subject = one.tenant() + "/" + one.meter();
        database.write("Noting a comparison", connection -> {
            if (one.isEqual()) {
                return findings.remove(connection, one.provider(), Finding.Kind.USAGE_DIFFERENT, subject);
            }
            findings.record(
                    connection,
                    new Finding(
                            one.provider(),
                            Finding.Kind.USAGE_DIFFERENT,
                            subject,
                            one.tenant(),
                            "From " + one.from() + " to " + one.to() + " it has taken " + one.here() + " and counts "
                                    + one.there(),
                            clock.instant()));
            return true;
        });
    }
}
