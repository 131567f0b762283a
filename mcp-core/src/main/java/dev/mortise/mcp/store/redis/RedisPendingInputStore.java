package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.StoreKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Used-up states in one sorted set, {@code PREFIX:used-states}: the member is the id, the score when it may be
 * forgotten, in milliseconds of the server's time.
 */
final class RedisPendingInputStore implements PendingInputStore {
    /** Clocks of replicas differ: one that is behind would take a state for good that another's clock lets expire. */
    private static final Duration SLACK = Duration.ofMinutes(10);

    private static final Script CLAIM = Script.beside(RedisPendingInputStore.class, "claim.lua");

    private final Redis redis;
    private final byte[] key;
    private final int capacity;

    RedisPendingInputStore(Redis redis, byte[] key, int capacity) {
        this.redis = redis;
        this.key = key;
        this.capacity = capacity;
    }

    @Override
    public boolean claim(String id, Instant until) {
        List<byte[]> reply = redis.eval(
                CLAIM,
                List.of(key),
                Text.all(
                        StoreKey.of(id),
                        Long.toString(until.toEpochMilli()),
                        Integer.toString(capacity),
                        Long.toString(SLACK.toMillis())));
        return Text.of(reply.getFirst()).equals("first");
    }
}
