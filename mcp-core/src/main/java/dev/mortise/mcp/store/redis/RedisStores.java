package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.TaskStore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What replicas share, in Redis 6.2 or later. Thread-safe.
 *
 * <pre>{@code
 * JedisRedis redis = JedisRedis.connect(URI.create("redis://localhost:6379"), Duration.ofSeconds(2));
 * RedisStores stores = RedisStores.of(redis);
 * McpServer server = McpServer.builder("calculator", "1.0")
 *         .stateKeys(keys)
 *         .pendingInputs(stores.pendingInputs())
 *         .events(stores.serverEvents())
 *         .build();
 * }</pre>
 *
 * <p>Times are those of the Redis server. What was acknowledged survives its death as far as Redis itself is durable:
 * give it an append-only file ({@code appendonly yes}). It must not evict ({@code maxmemory-policy noeviction}).
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/">Redis persistence</a>
 */
public final class RedisStores implements AutoCloseable {
    private static final int MAX_USED_STATES = 1_000_000;
    private static final int MAX_SESSIONS = 100_000;
    private static final int MAX_SESSIONS_PER_GROUP = 1_000;
    private static final int MAX_EVENTS = 256;
    private static final long MAX_EVENT_BYTES = 4L * 1024 * 1024;

    private final Redis redis;
    private final String prefix;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable RedisServerEvents events;

    private RedisStores(Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    /** Under the prefix {@code mortise}. */
    public static RedisStores of(Redis redis) {
        return new RedisStores(redis, "mortise");
    }

    /**
     * The same in another corner of the same Redis.
     *
     * @param newPrefix what all keys and channels begin with: letters, digits, {@code . _ : -}
     */
    public RedisStores prefix(String newPrefix) {
        if (!newPrefix.matches("[A-Za-z0-9._:-]{1,64}")) {
            throw new IllegalArgumentException(
                    "A prefix has 1 to 64 letters, digits or any of . _ : - , but this one is \"" + newPrefix + "\"");
        }
        return new RedisStores(redis, newPrefix);
    }

    /** Used-up consents: {@code PREFIX:used-states}. At most a million at a time; beyond that none counts. */
    public PendingInputStore pendingInputs() {
        return new RedisPendingInputStore(redis, key("used-states"), MAX_USED_STATES);
    }

    /** Sessions of legacy clients: {@code {PREFIX:sessions}:…}. At most 100,000 in use, 1,000 of one caller. */
    public SessionStore sessions() {
        return sessions(MAX_SESSIONS, MAX_SESSIONS_PER_GROUP);
    }

    /**
     * Sessions of legacy clients: {@code {PREFIX:sessions}:…}.
     *
     * @param maxSessions in use at once; a tenth as many more on probation
     * @param maxPerGroup in use at once by one caller, or from one address without callers
     */
    public SessionStore sessions(int maxSessions, int maxPerGroup) {
        return new RedisSessionStore(redis, tag("sessions"), maxSessions, maxPerGroup);
    }

    /** What legacy clients may ask for again: {@code {PREFIX:events:SESSION}}. At most 256 events or 4 MiB of a session. */
    public EventStore events() {
        return new RedisEventStore(redis, prefix + ":events", MAX_EVENTS, MAX_EVENT_BYTES);
    }

    /** Tasks: {@code {PREFIX:tasks}:…}. */
    public TaskStore tasks() {
        return new RedisTaskStore(redis, tag("tasks"));
    }

    /** What replicas know of their active callers: {@code PREFIX:callers:PERIOD}. */
    public SketchStore sketches() {
        return new RedisSketchStore(redis, prefix + ":callers");
    }

    /**
     * Events for all replicas, over the channel {@code PREFIX:events}: one object for all who ask, closed with this.
     */
    public ServerEvents serverEvents() {
        lock.lock();
        try {
            if (events == null) {
                events = new RedisServerEvents(redis, key("events"));
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    private byte[] key(String name) {
        return Text.bytes(prefix + ":" + name);
    }

    private byte[] tag(String name) {
        return Text.bytes("{" + prefix + ":" + name + "}");
    }

    /** Ends the subscription to events. The Redis that it was given stays open. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (events != null) {
                events.close();
                events = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
