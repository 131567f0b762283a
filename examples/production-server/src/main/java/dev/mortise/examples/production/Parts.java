package dev.mortise.examples.production;

import dev.mortise.billing.books.Tenant;
import dev.mortise.examples.production.admin.FirstKey;
import dev.mortise.examples.production.admin.ProvableLog;
import dev.mortise.examples.production.billing.Accounting;
import dev.mortise.examples.production.billing.DocumentMeter;
import dev.mortise.examples.production.console.AccountPage;
import dev.mortise.examples.production.console.Console;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.Checks;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.resilience.EventMetrics;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.security.Security;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What the server stands on, opened together, and closed together after it. */
record Parts(
        Traces traces,
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
    private static final int PAGE = 500;

    /**
     * Opens them.
     *
     * @param writer by what name this process writes into the audit log
     * @param use whether it keeps the index, or shares it with others
     * @throws IOException if something cannot be opened, naming the setting that says what
     */
    static Parts open(Settings settings, URI resource, String writer, Library.Use use) throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return open(settings, resource, writer, use, opened);
        } catch (IOException | RuntimeException e) {
            // What was opened before it does not stay behind.
            for (AutoCloseable part : opened) {
                try {
                    part.close();
                } catch (Exception also) {
                    e.addSuppressed(also);
                }
            }
            throw e;
        }
    }

    private static Parts open(
            Settings settings, URI resource, String writer, Library.Use use, Deque<AutoCloseable> opened)
            throws IOException {
        Traces traces = Traces.of(settings);
        opened.push(traces);
        Stores stores = Stores.open(settings, traces.ofCalls().work());
        opened.push(stores);
        DataFolder folder = stores.folder().orElse(null);
        Observability observability =
                new Observability(settings, traces, stores.keys().bytes("pseudonyms"));
        opened.push(observability);
        ProvableLog audit = ProvableLog.open(
                stores.dataSource("audit"),
                stores.linger(),
                stores.keys().signing("audit-checkpoints"),
                writer + "-" + process(),
                folder == null ? null : folder.file("checkpoints.jsonl"),
                observability.sink());
        opened.push(audit);
        Security security = Admission.of(settings, stores, audit, resource);
        Library library = Library.open(
                settings, stores, use, observability.sink(), traces.ofCalls().work());
        opened.push(library);
        Accounting accounting = Accounting.open(settings, stores, resource, Clock.systemUTC(), observability.sink());
        opened.push(accounting);
        library.base().addListener(new DocumentMeter(accounting.ledger(), Clock.systemUTC()));
        return new Parts(
                traces,
                stores,
                audit,
                observability,
                security,
                library,
                accounting,
                resilience(observability),
                health(stores, audit, library, accounting, observability));
    }

    /** For people; in containers, all of which have the same number for it, by the name of the container. */
    private static String process() {
        long pid = ProcessHandle.current().pid();
        String host = System.getenv("HOSTNAME");
        return host == null ? Long.toString(pid) : host + "-" + pid;
    }

    /**
     * Each tool says how long it may take; the rest holds for all. Every call waits some milliseconds for its record and its charge, and
     * a moment in which the processors are busy makes all of them slow: so many at once are no overload of one tool.
     */
    private static Resilience resilience(Observability observability) {
        Protection reading =
                Protection.builder().timeout(Duration.ofSeconds(10)).build();
        return Resilience.builder()
                .resources("*", reading)
                .prompts("*", reading)
                .overload(Overload.adaptive().between(64, 1_000))
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

    /**
     * Puts right what the accounts say about documents, where a process died between storing and booking.
     *
     * @param settle for how long a difference has to stay
     */
    void reconcile(Duration settle) {
        DocumentMeter meter = new DocumentMeter(accounting.ledger(), Clock.systemUTC());
        String after = null;
        List<Tenant> page;
        do {
            page = accounting.books().tenants().list(after, PAGE);
            for (Tenant tenant : page) {
                after = tenant.id();
                try {
                    meter.reconcile(after, library.base(), settle);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        } while (page.size() == PAGE);
    }

    /** The key of the first administrator, or who was told it: a line for whoever started this. */
    String firstKey() {
        return FirstKey.migrate(security, stores.database(), Clock.systemUTC()).announce(process());
    }

    /** The page over a server that is composed of these. */
    Console console(McpServer server, URI resource) {
        return Console.over(server, pages(resource));
    }

    /** The page of users for their account. */
    List<HttpRoute> account(URI resource) {
        return AccountPage.over(accounting, pages(resource), stores.keys().bytes("account-sessions"))
                .routes();
    }

    private Console.Parts pages(URI resource) {
        return new Console.Parts(
                security,
                audit.log(),
                health,
                observability.registry(),
                accounting.books(),
                stores.security().revokedCredentials(),
                stores.keys().bytes("console-sessions"),
                resource);
    }

    @Override
    public void close() {
        library.close();
        accounting.close();
        audit.close();
        observability.close();
        stores.close();
        traces.close();
    }
}
