package dev.mortise.billing.load;

import dev.mortise.billing.Billing;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.quota.ReceiptSigner;
import dev.mortise.billing.quota.redis.OnePlan;
import dev.mortise.billing.quota.redis.RedisLedgerStore;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.servlet.McpServlet;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A server whose calls are charged: to the tenant that a header names, with a receipt. It ends when it is told to.
 * Arguments: port, URL and schema of the ledger, and Redis, or nothing to do without.
 */
final class MeteredServer {
    static final String TENANT = "X-Tenant";

    private MeteredServer() {}

    public static void main(String[] arguments) throws Exception {
        LedgerHome home = LedgerHome.of(arguments[1], arguments[2]);
        LedgerStore sql = home.setup().timeout(Duration.ofSeconds(2)).migrate();
        JedisRedis redis =
                arguments.length > 3 ? JedisRedis.connect(URI.create(arguments[3]), Duration.ofMillis(500)) : null;
        LedgerStore store = redis == null
                ? sql
                : RedisLedgerStore.before(sql, redis)
                        .prefix("load")
                        .ttl(Duration.ofSeconds(3))
                        .pause(Duration.ofMillis(200))
                        .start();
        Billing billing = Billing.in(store, new OnePlan(1_000_000_000))
                .receipts(ReceiptSigner.hmac("load", new byte[32]))
                .timeout(Duration.ofSeconds(5))
                .lease(Duration.ofSeconds(3))
                .build();
        McpServer server = McpServer.builder("load", "1")
                .authenticator(MeteredServer::caller)
                .plugin(billing)
                .tool(Tool.named("work").handle((in, call) -> "done"))
                .build();
        Server jetty = jetty(Integer.parseInt(arguments[0]), server);
        jetty.start();
        System.out.println("listening.");
        System.in.read();
        server.close();
        jetty.stop();
        billing.close();
        store.close();
        if (redis != null) {
            redis.close();
        }
        home.restart();
    }

    private static Authenticator.Admission caller(Origin origin) {
        String tenant = origin instanceof HttpHead head ? head.header(TENANT).orElse("none") : "none";
        return Authenticator.admit(Caller.of("somebody").withTenant(tenant));
    }

    private static Server jetty(int port, McpServer server) {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer((types, servlets) -> McpServlet.mount(servlets, server, "/mcp"));
        jetty.setHandler(context);
        return jetty;
    }
}
