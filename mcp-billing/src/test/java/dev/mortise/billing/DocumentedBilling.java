package dev.mortise.billing;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.quota.CallUsage;
import dev.mortise.billing.quota.Receipt;
import dev.mortise.billing.quota.ReceiptSigner;
import dev.mortise.billing.quota.ReceiptVerifier;
import dev.mortise.billing.quota.redis.RedisLedgerStore;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.store.redis.Redis;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The code of the pages about metering and pricing, word for word, so that it compiles; {@link DocumentedCodeTest} compares. */
final class DocumentedBilling {
    private DocumentedBilling() {}

    static List<AutoCloseable> meter(DataSource dataSource, Books books, KeyPair keys) {
        // A SQLite file, or PostgreSQL 12 or later.
        LedgerStore store = JdbcLedgerStore.in(dataSource).migrate();
        Billing billing = Billing.in(store, books.entitlements(null, Duration.ofMinutes(5)))
                .upgradePage(URI.create("https://example.com/plans"))
                .receipts(ReceiptSigner.ed25519("2026-11", keys.getPrivate()))
                .build();

        McpServer server = McpServer.builder("office", "1.0")
                .plugin(billing)
                .tool(Tool.named("translate")
                        .with(Metering.WEIGHT, Weight.of(Meter.API_CALLS, 5).and(Meter.AI_OPERATIONS, 1))
                        .handle((in, call) -> translated(call)))
                .build();
        return List.of(server, billing, store);
    }

    static Billing countInRedisFirst(DataSource dataSource, Redis redis, Entitlements entitlements) {
        LedgerStore store = RedisLedgerStore.before(
                        JdbcLedgerStore.in(dataSource).migrate(), redis)
                .start();
        Billing billing = Billing.in(store, entitlements).build();
        return billing;
    }

    private static Object translated(ToolCall call) {
        return "Guten Tag, " + call.caller().subject();
    }

    record Texts(List<String> texts) {}

    static Tool embedding() {
        return Tool.named("embed").input(Texts.class).handle((in, call) -> {
            return switch (CallUsage.of(call)
                    .use(Meter.AI_OPERATIONS, in.texts().size())) {
                case CallUsage.Used.Booked ok -> embed(in.texts());
                case CallUsage.Used.Denied no -> no.result();
            };
        });
    }

    private static Object embed(List<String> texts) {
        return texts.size() + " vectors";
    }

    static Optional<Receipt> verified(KeyPair keys, String text) {
        ReceiptVerifier receipts = ReceiptVerifier.ed25519("2026-11", keys.getPublic());
        return switch (receipts.verify(text, "acme")) {
            case ReceiptVerifier.Verdict.Verified ok -> Optional.of(ok.receipt());
            case ReceiptVerifier.Verdict.OtherTenant other -> Optional.empty();
            case ReceiptVerifier.Verdict.UnknownKey unknown -> Optional.empty();
            case ReceiptVerifier.Verdict.Forged forged -> Optional.empty();
        };
    }

    static Books books(DataSource dataSource, UsageReader ledger) {
        // A SQLite file, or PostgreSQL 12 or later; where usage is read for invoices; and how long a period waits for
        // late events before it is invoiced.
        Books books = Books.sql(dataSource)
                .usage(ledger)
                .settleFor(Duration.ofHours(1))
                .migrate();

        books.plans().publish(Plans.STANDARD);
        books.tenants().register("acme", "Acme Ltd.", ZoneId.of("Europe/Berlin"));
        Subscription subscription = books.subscriptions().begin("acme", new PlanRef("starter", 1));

        // Now and then, at as many replicas as you like:
        books.invoices().issueDue();
        return books;
    }

    static Entitlement entitled(Books books, Plan freePlan) {
        SnapshotEntitlements entitlements = books.entitlements(freePlan, Duration.ofMinutes(10));
        Entitlement now = entitlements.of("acme", Instant.now());
        return now;
    }
}
