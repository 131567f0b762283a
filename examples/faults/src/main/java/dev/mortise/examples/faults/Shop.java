package dev.mortise.examples.faults;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.Checks;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.resilience.Alerter;
import dev.mortise.mcp.resilience.Alerting;
import dev.mortise.mcp.resilience.Component;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.resilience.Startup;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.RedisStores;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * A server whose tools depend on a database, on Redis, on a disk and on another MCP server. None of these is required:
 * while one is down, the tools that need it are refused, and the others work. So readiness only says {@code degraded}:
 * a load balancer that took the server out for a database that all replicas share would take out all of them.
 */
final class Shop implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Alerting alerting = Alerting.to(Alerter.log());
    private final Orders orders;
    private final Visits visits;
    private final Receipts receipts;
    private final Rates rates;
    private final JedisRedis sessions;
    private final RedisStores stores;
    private final McpServer server;

    private Shop(Settings settings) {
        orders = Orders.in(settings.database(), alerting);
        visits = Visits.in(settings.redis(), alerting);
        receipts = new Receipts(settings.receipts(), alerting);
        rates = Rates.from(settings.rates(), alerting);
        sessions = JedisRedis.connect(settings.redis(), Duration.ofSeconds(1));
        stores = RedisStores.of(sessions);
        Startup startup = Startup.builder()
                .component(Component.named("orders")
                        .optional()
                        .serves("*_order")
                        .startTimeout(Duration.ofSeconds(5))
                        .start(orders::createTable)
                        .build())
                .listener(alerting)
                .build();
        startup.start();
        Resilience resilience = Resilience.builder()
                .startup(startup)
                .guard(orders.guard())
                .guard(visits.guard())
                .guard(receipts.guard())
                .guard(rates.guard())
                // Whatever a guard does not cover: no call takes longer than this.
                .tools("*", Protection.builder().timeout(Duration.ofSeconds(3)).build())
                .overload(Overload.adaptive())
                .listener(alerting)
                .build();
        Health health = Health.builder()
                .startup(startup)
                .check(optional(Checks.dataSource("database", orders.dataSource())))
                .check(optional(HealthCheck.ping("redis", visits::ping)))
                .check(optional(Checks.writable("disk", settings.receipts())))
                .check(optional(HealthCheck.ping("rates", rates::ping)))
                .check(Checks.threadStarvation("threads", Duration.ofMillis(500))
                        .in(HealthCheck.Group.LIVE))
                .detailsFor(request -> isAllowed(request, settings.healthToken()))
                .listener(alerting)
                .build();
        server = McpServer.builder("shop", "1.0")
                .plugin(resilience)
                .plugin(health)
                .pendingInputs(stores.pendingInputs())
                .events(stores.serverEvents())
                .legacyClients(LegacyClients.withSessions().stores(stores.sessions(), stores.events()))
                .tool(Tool.of("price", "The price of some pieces", Pieces.class, in -> in.cents() + " cents"))
                .plugin(orders)
                .plugin(visits)
                .plugin(receipts)
                .plugin(rates)
                .build();
    }

    record Pieces(@Description("How many") int count) {
        long cents() {
            return count * 250L;
        }
    }

    /** Starts what can be started, and goes on trying with the rest. */
    static Shop open(Settings settings) {
        return new Shop(settings);
    }

    private static HealthCheck optional(HealthCheck check) {
        return check.optional().every(LOOK).timeout(LOOK);
    }

    private static boolean isAllowed(HttpRoute.Request request, String token) {
        byte[] given = request.head().header("Authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        return !token.isEmpty() && MessageDigest.isEqual(given, ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    McpServer server() {
        return server;
    }

    /** The server first, so that calls end and listeners are told; then what they have used. */
    @Override
    public void close() {
        server.close();
        stores.close();
        sessions.close();
        rates.close();
        visits.close();
        orders.close();
        alerting.close();
    }
}
