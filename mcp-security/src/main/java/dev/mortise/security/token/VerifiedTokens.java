package dev.mortise.security.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.auth.Confirmation;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.internal.jose.Digests;
import dev.mortise.security.internal.jose.VerificationKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tokens that were found good, by their SHA-256, until they end. The tokens themselves are not kept. Thread-safe. */
final class VerifiedTokens {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** A digest as a key: four words compare faster than an array does. */
    record Key(long first, long second, long third, long fourth) {
        static Key of(String token) {
            return of(Digests.digest(token));
        }

        static Key of(Presented presented) {
            return of(presented.sha256());
        }

        private static Key of(byte[] sha256) {
            return new Key(
                    (long) LONGS.get(sha256, 0), (long) LONGS.get(sha256, 8), (long) LONGS.get(sha256, 16), (long)
                            LONGS.get(sha256, 24));
        }
    }

    /** @param audiences all that the token is for: at another endpoint, another of them counts */
    record Entry(
            Caller caller,
            TokenFacts facts,
            Confirmation confirmation,
            Set<String> audiences,
            TokenIssuer issuer,
            VerificationKey key) {}

    private final AtomicLong removals = new AtomicLong();
    private final Cache<Key, Entry> entries;

    VerifiedTokens(int capacity, Clock clock) {
        entries = Caffeine.newBuilder()
                .maximumSize(capacity)
                .executor(Runnable::run)
                .expireAfter(Expiry.<Key, Entry>creating((key, entry) -> left(clock.instant(), entry)))
                .build();
    }

    private static Duration left(Instant now, Entry entry) {
        Duration left = Duration.between(now, entry.facts().expiresAt());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Nullable
    Entry find(Key key) {
        return entries.getIfPresent(key);
    }

    /** How often something was removed: verifying that began before a removal must not outlive it. */
    long removals() {
        return removals.get();
    }

    /** @param before the removals when verifying began */
    void put(Key key, Entry entry, long before) {
        entries.put(key, entry);
        if (removals.get() != before) {
            entries.invalidate(key);
        }
    }

    void remove(Predicate<Entry> which) {
        removals.incrementAndGet();
        entries.asMap().values().removeIf(which);
    }
}
