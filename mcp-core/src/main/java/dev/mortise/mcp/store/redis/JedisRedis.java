package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.store.StoreUnavailable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Redis through Jedis 8. It borrows a client of the host's ({@link #over}), or makes one ({@link #connect}) and closes
 * it in the end. Thread-safe.
 *
 * <p>A client that is borrowed brings its own time-outs: its socket and connection time-outs and the pool's
 * {@code maxWait} together are how long an operation may take. The pool's own default is to wait for ever. Each
 * subscription keeps one connection of the pool.
 */
public final class JedisRedis implements Redis, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JedisRedis.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 64;

    private final UnifiedJedis client;
    private final boolean owned;
    private final Duration heartbeat;

    private JedisRedis(UnifiedJedis client, boolean owned, Duration heartbeat) {
        this.client = client;
        this.owned = owned;
        this.heartbeat = heartbeat;
    }

    /** Over a client that the host goes on owning: for one server, a cluster or Sentinel. */
    @SuppressWarnings("exports") // whoever has a client requires its module
    public static JedisRedis over(UnifiedJedis client) {
        if (client instanceof RedisClient single
                && single.getPool().getMaxWaitDuration().isNegative()) {
            LOG.warn("The pool of this Redis client has no maxWait: while Redis hangs, callers may wait for ever");
        }
        return new JedisRedis(client, false, HEARTBEAT);
    }

    /**
     * Over a client of its own, for one server. Connects when it is first used.
     *
     * @param uri such as {@code redis://user:password@localhost:6379/0}, {@code rediss:} for TLS
     * @param timeout after which an operation fails
     */
    public static JedisRedis connect(URI uri, Duration timeout) {
        return connect(uri, timeout, HEARTBEAT);
    }

    /** @param heartbeat between signs of life on a subscription; two without an answer, and it is made anew */
    static JedisRedis connect(URI uri, Duration timeout, Duration heartbeat) {
        if (!JedisURIHelper.isValid(uri)) {
            throw new IllegalArgumentException("The URI of Redis needs a scheme, a host and a port: redis://HOST:PORT");
        }
        // An operation waits for a connection of the pool, then for the server: half of the time each.
        Duration half = timeout.dividedBy(2);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(half);
        pool.setJmxEnabled(false);
        RedisClient client = RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(uri))
                .clientConfig(DefaultJedisClientConfig.builder(uri)
                        .timeoutMillis((int) half.toMillis())
                        .build())
                .poolConfig(pool)
                .build();
        return new JedisRedis(client, true, heartbeat);
    }

    @Override
    public List<byte[]> eval(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return attempt("A script", () -> {
            try {
                return strings(client.evalsha(bytes(script.sha1()), keys, arguments));
            } catch (JedisNoScriptException e) {
                return strings(client.eval(bytes(script.source()), keys, arguments));
            }
        });
    }

    @Override
    public void publish(byte[] channel, byte[] message) {
        attempt("Publishing", () -> client.publish(channel, message));
    }

    @Override
    public Subscription subscribe(byte[] channel, Subscriber subscriber) {
        return JedisSubscription.start(client, channel, subscriber, heartbeat);
    }

    private <T> T attempt(String what, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (JedisConnectionException e) {
            forgetConnections();
            throw new StoreUnavailable(what + " did not reach Redis, or its answer did not arrive", e);
        } catch (JedisException e) {
            throw new StoreUnavailable(what + " failed in Redis", e);
        }
    }

    /** Where one connection broke, the idle ones most likely have too: later operations should not have to find out. */
    private void forgetConnections() {
        if (client instanceof RedisClient single) {
            single.getPool().clear();
        }
    }

    private static List<byte[]> strings(Object reply) {
        if (!(reply instanceof List<?> list)) {
            throw new StoreUnavailable("A script replied with something else than an array");
        }
        List<byte[]> strings = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof byte[] string)) {
                throw new StoreUnavailable("A script replied with something else than bulk strings");
            }
            strings.add(string);
        }
        return strings;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Closes the client if it is this object's own. */
    @Override
    public void close() {
        if (owned) {
            client.close();
        }
    }
}
