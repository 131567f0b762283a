package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.StoreHome;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.store.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A prefix in a Redis server that the tests share. */
public final class RedisHome implements StoreHome {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Script PASS = Script.of("""
            for _, key in ipairs(redis.call('KEYS', '*' .. ARGV[1] .. '*')) do
                if redis.call('TYPE', key).ok == 'zset' then
                    local all = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
                    for i = 1, #all, 2 do
                        redis.call('ZADD', key, all[i + 1] - ARGV[2], all[i])
                    end
                end
                if redis.call('TYPE', key).ok == 'hash' and redis.call('HEXISTS', key, 'group-key') == 1 then
                    redis.call('HINCRBY', key, 'expires', -ARGV[2])
                end
                if redis.call('TYPE', key).ok == 'stream' then
                    local expiry = redis.call('PTTL', key)
                    local entries = redis.call('XRANGE', key, '-', '+')
                    redis.call('DEL', key)
                    for _, entry in ipairs(entries) do
                        local f = entry[2]
                        redis.call('XADD', key, entry[1], 's', f[2], 'c', f[4], 'e', string.format('%.0f', f[6] - ARGV[2]))
                    end
                    redis.call('PEXPIRE', key, expiry)
                end
                local left = redis.call('PTTL', key)
                if left >= 0 then
                    redis.call('PEXPIRE', key, left - ARGV[2])
                end
            end
            return {}
            """);

    private final TestRedis server;
    private final String prefix = "stores-" + COUNT.incrementAndGet() + "-of";
    private final List<AutoCloseable> open = new ArrayList<>();

    public RedisHome(TestRedis server) {
        this.server = server;
    }

    Redis redis() {
        JedisRedis redis = JedisRedis.connect(server.uri(), Duration.ofSeconds(5));
        open.add(redis);
        return redis;
    }

    RedisStores stores() {
        RedisStores stores = RedisStores.of(redis()).prefix(prefix);
        open.add(stores);
        return stores;
    }

    @Override
    public PendingInputStore pendingInputs(int capacity) {
        return new RedisPendingInputStore(redis(), Text.bytes(prefix + ":used-states"), capacity);
    }

    @Override
    public ServerEvents serverEvents() {
        return stores().serverEvents();
    }

    @Override
    public SessionStore sessions(int maxSessions, int maxPerGroup) {
        return stores().sessions(maxSessions, maxPerGroup);
    }

    @Override
    public EventStore events(int maxEvents, long maxBytes) {
        return new RedisEventStore(redis(), prefix + ":events", maxEvents, maxBytes);
    }

    @Override
    public TaskStore tasks() {
        return stores().tasks();
    }

    @Override
    public SketchStore sketches() {
        return stores().sketches();
    }

    @Override
    public void sweep() {
        stores().sessions().sweep(Instant.EPOCH);
    }

    @Override
    public void pass(Duration time) {
        redis().eval(PASS, List.of(), Text.all(prefix, Long.toString(time.toMillis())));
    }

    @Override
    public void restart() throws Exception {
        close();
        server.restart();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        open.clear();
    }
}
