package dev.mortise.rag.embed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.rag.embed.EmbeddingException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the vectors of a model, in this process and, if it has one, in Redis. While a text is being embedded, others
 * that ask for the same one wait for that answer instead of asking too; a failure is remembered for a moment, so that a
 * model that is away is not asked by everybody. Thread-safe. The vectors it gives are shared: do not change them.
 */
public final class CachedEmbeddings implements EmbeddingModel {
    private static final int ENTRY_BYTES = 160;

    private final EmbeddingModel model;
    private final Cache<EmbeddingKey, float[]> near;
    private final Cache<EmbeddingKey, EmbeddingException> failures;
    private final @Nullable SharedVectors shared;
    private final ConcurrentMap<EmbeddingKey, Flight> flights = new ConcurrentHashMap<>();
    private final LongAdder nearHits = new LongAdder();
    private final LongAdder sharedHits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    private CachedEmbeddings(Builder builder) {
        this.model = builder.model;
        this.near = Caffeine.newBuilder()
                .maximumWeight(builder.maxBytes)
                .weigher((EmbeddingKey key, float[] vector) -> vector.length * Float.BYTES + ENTRY_BYTES)
                .build();
        this.failures = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(builder.rememberFailures)
                .ticker(builder.nanos::getAsLong)
                .build();
        this.shared = builder.redis == null
                ? null
                : new SharedVectors(
                        builder.redis,
                        builder.prefix + ":" + model.id(),
                        model.dimensions(),
                        builder.keep,
                        builder.nanos);
    }

    public static Builder of(EmbeddingModel model) {
        return new Builder(model);
    }

    @Override
    public String id() {
        return model.id();
    }

    @Override
    public int dimensions() {
        return model.dimensions();
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) {
        return embedCounting(texts, use).vectors();
    }

    @Override
    public Embedded embedCounting(List<String> texts, Use use) {
        List<EmbeddingKey> keys =
                texts.stream().map(text -> EmbeddingKey.of(text, use)).toList();
        Map<EmbeddingKey, String> wanted = new LinkedHashMap<>();
        for (int at = 0; at < keys.size(); at++) {
            wanted.put(keys.get(at), texts.get(at));
        }
        Map<EmbeddingKey, float[]> found = new LinkedHashMap<>();
        int computed = 0;
        while (true) {
            takeNear(wanted, found);
            if (wanted.isEmpty()) {
                break;
            }
            Map<EmbeddingKey, Flight> own = new LinkedHashMap<>();
            Map<EmbeddingKey, Flight> others = new LinkedHashMap<>();
            depart(wanted, own, others);
            // First what others may wait for, and only then wait for others: so nobody waits in a circle.
            computed += land(own, wanted, use, found);
            others.forEach((key, flight) -> await(flight).ifPresent(vector -> found.put(key, vector)));
            wanted.keySet().removeAll(found.keySet());
        }
        return new Embedded(keys.stream().map(key -> vector(found, key)).toList(), computed);
    }

    private static float[] vector(Map<EmbeddingKey, float[]> found, EmbeddingKey key) {
        float[] vector = found.get(key);
        if (vector == null) {
            throw new IllegalStateException("A vector was found and is not there");
        }
        return vector;
    }

    private void takeNear(Map<EmbeddingKey, String> wanted, Map<EmbeddingKey, float[]> found) {
        for (EmbeddingKey key : List.copyOf(wanted.keySet())) {
            float[] vector = near.getIfPresent(key);
            if (vector != null) {
                nearHits.increment();
                found.put(key, vector);
                wanted.remove(key);
                continue;
            }
            EmbeddingException failure = failures.getIfPresent(key);
            if (failure != null) {
                throw failure(failure);
            }
        }
    }

    private void depart(
            Map<EmbeddingKey, String> wanted, Map<EmbeddingKey, Flight> own, Map<EmbeddingKey, Flight> others) {
        for (EmbeddingKey key : wanted.keySet()) {
            Flight mine = new Flight();
            Flight underway = flights.putIfAbsent(key, mine);
            if (underway == null) {
                own.put(key, mine);
            } else {
                others.put(key, underway);
            }
        }
    }

    /** Embeds what nobody else does, and lets those go on who wait for it. */
    private int land(
            Map<EmbeddingKey, Flight> own,
            Map<EmbeddingKey, String> wanted,
            Use use,
            Map<EmbeddingKey, float[]> found) {
        if (own.isEmpty()) {
            return 0;
        }
        List<EmbeddingKey> asked = new ArrayList<>(own.keySet());
        try {
            // It may have landed since it was looked for.
            asked.removeIf(key -> landed(key, near.getIfPresent(key), own, found));
            if (shared != null && !asked.isEmpty()) {
                shared.get(asked).forEach((key, vector) -> {
                    sharedHits.increment();
                    landed(key, vector, own, found);
                });
                asked.removeAll(found.keySet());
            }
            if (!asked.isEmpty()) {
                ask(asked, own, wanted, use, found);
            }
            return asked.size();
        } catch (EmbeddingException e) {
            fail(asked, own, e);
            throw e;
        } finally {
            // Also those that an error left behind: who waits for them asks for himself.
            own.forEach((key, flight) -> {
                flight.abandon();
                flights.remove(key, flight);
            });
        }
    }

    private void ask(
            List<EmbeddingKey> asked,
            Map<EmbeddingKey, Flight> own,
            Map<EmbeddingKey, String> wanted,
            Use use,
            Map<EmbeddingKey, float[]> found) {
        misses.add(asked.size());
        List<String> texts =
                asked.stream().map(key -> wanted.getOrDefault(key, "")).toList();
        List<float[]> vectors = model.embed(texts, use);
        if (vectors.size() != texts.size()
                || vectors.stream().anyMatch(vector -> vector.length != model.dimensions())) {
            throw new EmbeddingException(Kind.REFUSED, "The embedding model gave other vectors than it says", null);
        }
        Map<EmbeddingKey, float[]> fresh = new LinkedHashMap<>();
        for (int at = 0; at < asked.size(); at++) {
            fresh.put(asked.get(at), vectors.get(at));
            landed(asked.get(at), vectors.get(at), own, found);
        }
        if (shared != null) {
            shared.put(fresh);
        }
    }

    private boolean landed(
            EmbeddingKey key,
            float @Nullable [] vector,
            Map<EmbeddingKey, Flight> own,
            Map<EmbeddingKey, float[]> found) {
        if (vector == null) {
            return false;
        }
        near.put(key, vector);
        found.put(key, vector);
        Flight flight = own.get(key);
        if (flight != null) {
            flight.land(vector);
        }
        return true;
    }

    private void fail(List<EmbeddingKey> asked, Map<EmbeddingKey, Flight> own, EmbeddingException failure) {
        if (Thread.currentThread().isInterrupted()) {
            // Only this caller was stopped: the others ask for themselves.
            return;
        }
        for (EmbeddingKey key : asked) {
            // One text of a batch may be to blame for what the model refuses, and then not the others.
            if (failure.kind() == Kind.UNAVAILABLE || asked.size() == 1) {
                failures.put(key, failure);
            }
            Flight flight = own.get(key);
            if (flight != null && (failure.kind() == Kind.UNAVAILABLE || asked.size() == 1)) {
                flight.fail(failure);
            }
        }
    }

    private static Optional<float[]> await(Flight flight) {
        try {
            return flight.await();
        } catch (InterruptedException e) {
            throw EmbeddingException.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EmbeddingException failure ? failure(failure) : new IllegalStateException(e);
        }
    }

    /** Anew, with the stack of the one who hears it. */
    private static EmbeddingException failure(EmbeddingException remembered) {
        return new EmbeddingException(remembered.kind(), String.valueOf(remembered.getMessage()), remembered);
    }

    /** How often a vector was in this process, in Redis, and nowhere. */
    public Statistics statistics() {
        return new Statistics(nearHits.sum(), sharedHits.sum(), misses.sum());
    }

    /** Counts since the start. */
    public record Statistics(long nearHits, long sharedHits, long misses) {}

    /** Composes a {@link CachedEmbeddings}. Not thread-safe. */
    public static final class Builder {
        private final EmbeddingModel model;
        private long maxBytes = 64L * 1024 * 1024;
        private Duration rememberFailures = Duration.ofSeconds(2);
        private @Nullable Redis redis;
        private String prefix = "mortise:embedding";
        private Duration keep = Duration.ofDays(30);
        private LongSupplier nanos = System::nanoTime;

        private Builder(EmbeddingModel model) {
            this.model = model;
        }

        /** @param bytes that vectors take in this process, at most; 64 MiB unless set */
        public Builder maxBytes(long bytes) {
            this.maxBytes = bytes;
            return this;
        }

        /** @param time for which a failure is answered without asking again; 2 seconds unless set */
        public Builder rememberFailures(Duration time) {
            this.rememberFailures = time;
            return this;
        }

        /**
         * Shares vectors with other processes.
         *
         * @param keyPrefix before all keys
         * @param keptFor after which Redis forgets a vector
         */
        public Builder redis(Redis shared, String keyPrefix, Duration keptFor) {
            this.redis = shared;
            this.prefix = keyPrefix;
            this.keep = keptFor;
            return this;
        }

        /** For tests. */
        Builder ticker(LongSupplier ticks) {
            this.nanos = ticks;
            return this;
        }

        public CachedEmbeddings build() {
            return new CachedEmbeddings(this);
        }
    }
}
