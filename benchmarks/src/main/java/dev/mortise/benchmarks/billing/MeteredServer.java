package dev.mortise.benchmarks.billing;

import dev.mortise.benchmarks.MemoryHttp;
import dev.mortise.benchmarks.Workload;
import dev.mortise.billing.Billing;
import dev.mortise.billing.BillingBuilder;
import dev.mortise.billing.books.Books;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.quota.ReceiptSigner;
import dev.mortise.billing.quota.redis.RedisLedgerStore;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.mcp.store.redis.JedisRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The server of the small call behind metering with all that belongs to it: subscriptions in the books, a hard limit of
 * each of some tenants, a ledger in a real database; and the HTTP binding before it. Without a network.
 */
final class MeteredServer implements AutoCloseable {
    private static final int TENANTS = 16;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PLAN = """
            {"id": "wide", "version": 1, "name": "Wide", "currency": "EUR", "price": "49.00", "months": 1,
             "meters": {"api_calls": {"included": 1000000000000, "hardLimit": 1000000000000}}}""";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final byte[] message = Workload.call(Workload.TOOL).getBytes(StandardCharsets.UTF_8);
    private final @Nullable Billing billing;
    private final StreamableHttp http;

    /** @param database its name; closed with this */
    MeteredServer(Metered metered, String database) throws IOException {
        McpServerBuilder builder = Workload.builder();
        if (metered == Metered.NONE) {
            billing = null;
        } else {
            Durable durable = opened(Durable.of(database.equals("redis") ? "postgres" : database));
            LedgerStore store = opened(store(metered, durable, database));
            BillingBuilder metering = Billing.in(store, books(durable).entitlements(null, Duration.ofMinutes(5)))
                    .tenantOf(caller -> tenant(ThreadLocalRandom.current().nextInt(TENANTS)))
                    .timeout(LONG)
                    .lease(LONG);
            receipts(metered).ifPresent(metering::receipts);
            billing = opened(metering.build());
            builder.plugin(billing);
        }
        McpServer server = opened(builder.build());
        http = opened(StreamableHttp.of(server::handle, HttpOptions.defaults()));
    }

    private LedgerStore store(Metered metered, Durable durable, String database) throws IOException {
        if (metered == Metered.NOWHERE) {
            return new MemoryLedger(Durability.WRITTEN);
        }
        LedgerStore sql = JdbcLedgerStore.in(durable.dataSource())
                .durability(metered.durability())
                .timeout(LONG)
                .migrate();
        if (!database.equals("redis")) {
            return sql;
        }
        TestRedis server = opened(TestRedis.start());
        JedisRedis redis = opened(JedisRedis.connect(server.uri(), Duration.ofMillis(500)));
        return RedisLedgerStore.before(sql, redis).start();
    }

    private static Optional<ReceiptSigner> receipts(Metered metered) {
        return switch (metered) {
            case NONE, NOWHERE, WRITTEN, SYNCED -> Optional.empty();
            case WITH_HMAC -> Optional.of(ReceiptSigner.hmac("bench", new byte[32]));
            case WITH_ED25519 -> {
                try {
                    yield Optional.of(ReceiptSigner.ed25519(
                            "bench",
                            KeyPairGenerator.getInstance("Ed25519")
                                    .generateKeyPair()
                                    .getPrivate()));
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("Every JDK has Ed25519", e);
                }
            }
        };
    }

    private Books books(Durable durable) {
        Books books = opened(Books.sql(durable.dataSource()).migrate());
        books.plans().publish(PlanJson.read(PLAN.getBytes(StandardCharsets.UTF_8)));
        for (int t = 0; t < TENANTS; t++) {
            books.tenants().register(tenant(t), "Tenant " + t, ZoneOffset.UTC);
            books.subscriptions().begin(tenant(t), new PlanRef("wide", 1));
        }
        return books;
    }

    private static String tenant(int number) {
        return "tenant-" + number;
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    /** The small call, from bytes to bytes. */
    byte[] call() {
        MemoryHttp memory = new MemoryHttp(Workload.TOOL, message);
        http.serve(memory, memory);
        return memory.written();
    }

    /** How many calls the ledger has. */
    long charged() {
        long sum = 0;
        for (int t = 0; billing != null && t < TENANTS; t++) {
            sum += billing.ledger().balance(tenant(t), "api_calls");
        }
        return sum;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("A part of the server does not close", e);
            }
        }
    }
}
