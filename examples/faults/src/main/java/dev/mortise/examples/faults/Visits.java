package dev.mortise.examples.faults;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Guard;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.server.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** What depends on Redis. */
final class Visits implements McpServer.Plugin, AutoCloseable {
    private static final int TIMEOUT_MILLIS = 500;
    private static final String KEY = "example:visits";

    private final RedisClient redis;
    private final Guard guard;

    private Visits(RedisClient redis, FailureListener listener) {
        this.redis = redis;
        this.guard = Guard.of(
                        "redis",
                        Protection.builder()
                                .timeout(Duration.ofMillis(1_500))
                                .breaker(Breaker.after(3, 6).openFor(Duration.ofSeconds(1)))
                                .build(),
                        listener)
                .unavailableWhen(JedisException.class::isInstance);
    }

    static Visits in(URI uri, FailureListener listener) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(16);
        pool.setMaxIdle(16);
        pool.setMaxWait(Duration.ofMillis(TIMEOUT_MILLIS));
        pool.setJmxEnabled(false);
        RedisClient client = RedisClient.builder()
                .hostAndPort(uri.getHost(), uri.getPort())
                .clientConfig(DefaultJedisClientConfig.builder(uri)
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .build())
                .poolConfig(pool)
                .build();
        return new Visits(client, listener);
    }

    Guard guard() {
        return guard;
    }

    void ping() {
        attempt(redis::ping);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(Tool.named("count_visit")
                .description("Counts a visit; gives how many there were")
                .handle((in, call) -> guard.call(() -> attempt(() -> redis.incr(KEY)) + " visits")));
    }

    private <T> T attempt(Supplier<T> command) {
        try {
            return command.get();
        } catch (JedisConnectionException e) {
            // Where one connection broke, the idle ones have too: the next call should not have to find out.
            redis.getPool().clear();
            throw e;
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
