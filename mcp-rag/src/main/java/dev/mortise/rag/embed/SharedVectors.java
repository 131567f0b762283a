package dev.mortise.rag.embed;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors in Redis, that all replicas share: as bytes of binary32 under {@code PREFIX:MODEL:{n}:DIGEST}, n the first digit
 * of the digest, so that a batch takes at most sixteen scripts and a cluster spreads them. Redis is never needed: while it
 * is away vectors are made anew, and it is asked again after a while only.
 */
final class SharedVectors {
    private static final Logger LOG = LoggerFactory.getLogger(SharedVectors.class);
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

    // An absent one is an empty string: replies are arrays of strings.
    private static final Script GET = Script.of("""
            local found = {}
            for i, key in ipairs(KEYS) do
              local value = redis.call('GET', key)
              found[i] = value or ''
            end
            return found
            """);

    private static final Script PUT = Script.of("""
            for i, key in ipairs(KEYS) do
              redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
            end
            return {}
            """);

    private final Redis redis;
    private final String prefix;
    private final int dimensions;
    private final Duration keep;
    private final LongSupplier nanos;
    private final AtomicLong quietUntil;

    SharedVectors(Redis redis, String prefix, int dimensions, Duration keep, LongSupplier nanos) {
        this.redis = redis;
        this.prefix = prefix;
        this.dimensions = dimensions;
        this.keep = keep;
        this.nanos = nanos;
        this.quietUntil = new AtomicLong(nanos.getAsLong());
    }

    /** Those that are there. */
    Map<EmbeddingKey, float[]> get(List<EmbeddingKey> keys) {
        Map<EmbeddingKey, float[]> found = new HashMap<>();
        attempt(() -> {
            for (List<EmbeddingKey> group : groups(keys)) {
                List<byte[]> values = redis.eval(GET, names(group), List.of());
                for (int at = 0; at < Math.min(group.size(), values.size()); at++) {
                    // Others may write there, too: what is no vector of this model is none.
                    float[] vector = Vectors.of(values.get(at), dimensions);
                    if (vector != null) {
                        found.put(group.get(at), vector);
                    }
                }
            }
        });
        return found;
    }

    void put(Map<EmbeddingKey, float[]> vectors) {
        attempt(() -> {
            for (List<EmbeddingKey> group : groups(List.copyOf(vectors.keySet()))) {
                List<byte[]> arguments = new ArrayList<>();
                arguments.add(ascii(Long.toString(keep.toMillis())));
                group.forEach(key -> arguments.add(Vectors.bytes(vectors.getOrDefault(key, new float[0]))));
                redis.eval(PUT, names(group), arguments);
            }
        });
    }

    private void attempt(Runnable work) {
        long now = nanos.getAsLong();
        if (now - quietUntil.get() < 0) {
            return;
        }
        try {
            work.run();
        } catch (StoreUnavailable e) {
            quietUntil.set(now + QUIET_NANOS);
            LOG.warn("Redis has no vectors for now; they are made anew", e);
        }
    }

    private static List<List<EmbeddingKey>> groups(List<EmbeddingKey> keys) {
        return List.copyOf(keys.stream()
                .collect(Collectors.groupingBy(key -> key.digest().charAt(0)))
                .values());
    }

    private List<byte[]> names(List<EmbeddingKey> group) {
        return group.stream()
                .map(key ->
                        (prefix + ":{" + key.digest().charAt(0) + "}:" + key.digest()).getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
