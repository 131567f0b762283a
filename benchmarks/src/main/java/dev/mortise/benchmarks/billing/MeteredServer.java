package dev.mortise.benchmarks.billing;

import dev.mortise.benchmarks.MemoryHttp;
import dev.mortise.benchmarks.Workload;
import dev.mortise.billing.Billing;
import dev.mortise.billing.books.Books;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        Optional<LedgerStore> store = Optional.empty();
        if (metered.durability().isPresent()) {
            Durable durable = opened(Durable.of(database));
            store = Optional.of(opened(JdbcLedgerStore.in(durable.dataSource())
                    .durability(metered.durability().get())
                    .timeout(LONG)
                    .migrate()));
            billing = opened(Billing.in(store.get(), books(durable).entitlements(null, Duration.ofMinutes(5)))
                    .tenantOf(caller -> tenant(ThreadLocalRandom.current().nextInt(TENANTS)))
                    .timeout(LONG)
                    .lease(LONG)
                    .build());
            builder.plugin(billing);
        } else {
            billing = null;
        }
        McpServer server = opened(builder.build());
        http = opened(StreamableHttp.of(server::handle, HttpOptions.defaults()));
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
