package dev.mortise.mcp.store.redis;

import dev.mortise.mcp.observe.SketchStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sketches of active callers, one key for each period: {@code PREFIX:callers:2026-11-22}. */
final class RedisSketchStore implements SketchStore {
    private static final Script READ = Script.of("""
            local sketch = redis.call('GET', KEYS[1])
            return sketch and {sketch} or {}
            """);
    private static final Script WRITE = Script.of("""
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return {}
            """);

    private final Redis redis;
    private final String prefix;

    /** @param prefix without the colon */
    RedisSketchStore(Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    @Override
    public Optional<byte[]> read(String period) {
        return redis.eval(READ, List.of(key(period)), List.of()).stream().findFirst();
    }

    @Override
    public void write(String period, byte[] sketch, Duration keep) {
        redis.eval(WRITE, List.of(key(period)), List.of(sketch, Text.bytes(Long.toString(keep.toMillis()))));
    }

    private byte[] key(String period) {
        return Text.bytes(prefix + ":" + period);
    }
}
