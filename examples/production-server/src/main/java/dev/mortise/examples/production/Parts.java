package dev.mortise.examples.production;

import dev.mortise.examples.production.admin.ProvableLog;
import dev.mortise.examples.production.billing.Accounting;
import dev.mortise.examples.production.billing.DocumentMeter;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.health.Checks;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.resilience.EventMetrics;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.security.Security;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** What the server stands on, opened together, and closed together after it. */
record Parts(
        Stores stores,
        ProvableLog audit,
        Observability observability,
        Security security,
        Library library,
        Accounting accounting,
        Resilience resilience,
        Health health)
        implements AutoCloseable {
    private static final long LEAST_DISK = 100_000_000;

    /**
     * Opens them.
     *
     * @param writer by what name this process writes into the audit log
     * @param use whether it keeps the index, or shares it with others
     * @throws IOException if something cannot be opened, naming the setting that says what
     */
    static Parts open(Settings settings, URI resource, String writer, Library.Use use) throws IOException {
        Stores stores = Stores.open(settings);
        DataFolder folder = stores.folder().orElse(null);
        ProvableLog audit = ProvableLog.open(
                stores.dataSource("audit"),
                stores.keys().signing("audit-checkpoints"),
                writer + "-" + ProcessHandle.current().pid(),
                folder == null ? null : folder.file("checkpoints.jsonl"));
        Observability observability = new Observability(settings, stores.keys().bytes("pseudonyms"));
        Security security = Admission.of(settings, stores, audit, resource);
        Library library = Library.open(settings, stores, use, observability.sink());
        Accounting accounting = Accounting.open(settings, stores, resource, Clock.systemUTC());
        library.base().addListener(new DocumentMeter(accounting.ledger(), Clock.systemUTC()));
        return new Parts(
                stores,
                audit,
                observability,
                security,
                library,
                accounting,
                resilience(observability),
                health(stores, audit, library, accounting, observability));
    }

    /** Each tool says how long it may take; the rest holds for all. */
    private static Resilience resilience(Observability observability) {
        Protection reading =
                Protection.builder().timeout(Duration.ofSeconds(10)).build();
        return Resilience.builder()
                .resources("*", reading)
                .prompts("*", reading)
                .overload(Overload.adaptive())
                .listener(observability.alerting())
                .listener(EventMetrics.to(observability.sink()))
                .build()
                .reportTo(observability.sink());
    }

    /** What all replicas share is not required: a load balancer would take out all of them at once. */
    private static Health health(
            Stores stores, ProvableLog audit, Library library, Accounting accounting, Observability observability)
            throws IOException {
        boolean alone = stores.folder().isPresent();
        Health.Builder health = Health.builder()
                .check(
                        alone
                                ? Checks.dataSource("database", stores.dataSource("memory"))
                                : Checks.dataSource("database", stores.dataSource("memory"))
                                        .optional())
                .check(
                        alone
                                ? audit.log().healthCheck()
                                : audit.log().healthCheck().optional())
                .check(alone ? library.base().health() : library.base().health().optional())
                .check(
                        alone
                                ? accounting.billing().healthCheck()
                                : accounting.billing().healthCheck().optional())
                .check(Checks.threadStarvation("threads", Duration.ofSeconds(2)).optional())
                .listener(observability.alerting());
        if (alone) {
            DataFolder folder = stores.folder().orElseThrow();
            health.check(Checks.writable("data-folder", folder.path()))
                    .check(Checks.diskSpace("disk", folder.path(), LEAST_DISK).optional());
        }
        stores.redis()
                .ifPresent(redis -> health.check(Checks.redis("redis", redis).optional()));
        return health.build().reportTo(observability.sink());
    }

    @Override
    public void close() {
        observability.close();
        library.close();
        accounting.close();
        audit.close();
        stores.close();
    }
}
