package dev.mortise.examples.replicas;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.RedisStores;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.servlet.McpServlet;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Future;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

/** One of several processes that serve the same clients: what they have to know of each other is in Redis. */
final class Replica {
    private static final long STOP_MILLIS = 5_000;

    /** How long those who send requests have to find out that they should stop; less than nginx then stays away. */
    private static final Duration NOTICE = Duration.ofSeconds(3);

    /** Longer than any call that is under way may still take: Jetty would end a silent one before. */
    private static final Duration LAST_CALLS = Duration.ofMinutes(1);

    private final RedisClient redis;
    private final RedisStores stores;
    private final Health health;
    private final McpServer server;
    private final ServerConnector connector;

    private Replica(RedisClient redis, RedisStores stores, Health health, McpServer server, ServerConnector connector) {
        this.redis = redis;
        this.stores = stores;
        this.health = health;
        this.server = server;
        this.connector = connector;
    }

    /**
     * Opens the port, and serves.
     *
     * @param keys the same for all replicas
     * @throws Exception if Jetty does not start
     */
    static Replica start(int port, URI redisUri, StateKeys keys) throws Exception {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxWait(Duration.ofSeconds(1));
        RedisClient redis = RedisClient.builder()
                .hostAndPort(redisUri.getHost(), redisUri.getPort())
                .clientConfig(DefaultJedisClientConfig.builder(redisUri).build())
                .poolConfig(pool)
                .build();
        RedisStores stores = RedisStores.of(JedisRedis.over(redis));
        // What all replicas share says nothing about one of them: readiness does not depend on Redis.
        Health health = Health.builder()
                .check(HealthCheck.ping("redis", redis::ping).optional())
                .build();
        McpServer server = McpServer.builder("notes", "1.0")
                .plugin(health)
                .stateKeys(keys)
                .pendingInputs(stores.pendingInputs())
                .events(stores.serverEvents())
                .legacyClients(LegacyClients.withSessions().stores(stores.sessions(), stores.events()))
                .plugin(Tasks.builder()
                        .store(stores.tasks())
                        .lease(Duration.ofSeconds(3))
                        .build())
                .plugin(new Notes(redis, stores.serverEvents()))
                .build();
        return new Replica(redis, stores, health, server, jetty(port, server));
    }

    private static ServerConnector jetty(int port, McpServer server) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setShutdownIdleTimeout(LAST_CALLS.toMillis());
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer((types, servlets) -> McpServlet.mount(servlets, server, "/mcp"));
        jetty.setHandler(new GracefulHandler(context));
        jetty.setStopTimeout(STOP_MILLIS);
        jetty.start();
        return connector;
    }

    String url() {
        return "http://127.0.0.1:" + connector.getLocalPort() + "/mcp";
    }

    /**
     * Nobody should notice. First the readiness goes down, and all is served for a while yet. Then the port is closed:
     * who connects now is turned away before anything was sent, so that a proxy may try the other replica. Only then
     * does the server refuse, end its streams and wait for its calls; and last comes what they have used.
     */
    void stop() {
        health.drain();
        try {
            Thread.sleep(NOTICE);
            Future<Void> lastConnection = connector.shutdown();
            server.close();
            connector.getServer().stop();
            if (!lastConnection.isDone()) {
                System.err.println("Some connections were cut");
            }
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
        stores.close();
        redis.close();
    }

    void join() throws InterruptedException {
        connector.getServer().join();
    }
}
