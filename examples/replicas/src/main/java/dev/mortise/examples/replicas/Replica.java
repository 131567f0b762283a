package dev.mortise.examples.replicas;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.RedisStores;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.servlet.McpServlet;
import java.net.URI;
import java.time.Duration;
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

    private final RedisClient redis;
    private final RedisStores stores;
    private final McpServer server;
    private final Server jetty;

    private Replica(RedisClient redis, RedisStores stores, McpServer server, Server jetty) {
        this.redis = redis;
        this.stores = stores;
        this.server = server;
        this.jetty = jetty;
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
        McpServer server = McpServer.builder("notes", "1.0")
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
        return new Replica(redis, stores, server, jetty(port, server));
    }

    private static Server jetty(int port, McpServer server) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer((types, servlets) -> McpServlet.mount(servlets, server, "/mcp"));
        jetty.setHandler(new GracefulHandler(context));
        jetty.setStopTimeout(STOP_MILLIS);
        jetty.start();
        return jetty;
    }

    String url() {
        return "http://127.0.0.1:" + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort() + "/mcp";
    }

    /** The server first, so that calls end and listeners are told; then Jetty; then what they have used. */
    void stop() {
        server.close();
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
        stores.close();
        redis.close();
    }

    void join() throws InterruptedException {
        jetty.join();
    }
}
