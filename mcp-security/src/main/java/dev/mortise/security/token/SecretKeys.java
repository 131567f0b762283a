package dev.mortise.security.token;

import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.internal.jose.VerificationKey;
import dev.mortise.security.secret.Secret;
import dev.mortise.security.secret.SecretUnavailable;
import dev.mortise.security.secret.Secrets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets that are shared with an issuer, as keys. They are looked at whenever a token is; what has a new value keeps the
 * one before for a while, because other replicas, the issuer, and its tokens are not all as quick.
 */
final class SecretKeys implements Keys {
    private static final Logger LOG = LoggerFactory.getLogger(SecretKeys.class);

    /** Bits of a key for HMAC (RFC 7518 section 3.2). */
    private static final int SHORTEST_BYTES = 32;

    /** Of each name; each more is an attempt more for a token with a wrong signature. */
    private static final int MOST_EARLIER = 2;

    /** A value that was replaced. */
    private record Earlier(List<VerificationKey> keys, Instant until) {}

    /** One name: what it is, and was. */
    private record Named(@Nullable Secret value, List<VerificationKey> keys, List<Earlier> earlier) {
        static final Named NOTHING = new Named(null, List.of(), List.of());

        Stream<VerificationKey> all() {
            return Stream.concat(keys.stream(), earlier.stream().flatMap(each -> each.keys().stream()));
        }
    }

    private final Secrets secrets;
    private final List<String> names;
    private final Duration overlap;
    private final Clock clock;
    private final Consumer<VerificationKey> removed;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Map<String, Named> known = Map.of();

    /** @throws RuntimeException if the first name has no secret that is good enough */
    SecretKeys(Secrets secrets, List<String> names, Duration overlap, Clock clock, Consumer<VerificationKey> removed) {
        this.secrets = secrets;
        this.names = names;
        this.overlap = overlap;
        this.clock = clock;
        this.removed = removed;
        // A server with a secret that is too short does not start.
        keys(names.getFirst(), secrets.get(names.getFirst()));
        look();
    }

    /** One key for each algorithm: jjwt takes a key for the algorithm that its own name says. */
    static List<VerificationKey> keys(byte[] secret) {
        if (secret.length < SHORTEST_BYTES) {
            throw new IllegalArgumentException("A secret for tokens has at least 256 bits, and this one has "
                    + secret.length * 8 + " (RFC 7518 section 3.2)");
        }
        List<SignatureAlgorithm> fitting = new ArrayList<>(List.of(SignatureAlgorithm.HS256));
        if (secret.length >= 48) {
            fitting.add(SignatureAlgorithm.HS384);
        }
        if (secret.length >= 64) {
            fitting.add(SignatureAlgorithm.HS512);
        }
        return fitting.stream()
                .map(each -> new VerificationKey(
                        null, new SecretKeySpec(secret, each.id().replace("HS", "HmacSHA")), Set.of(each)))
                .toList();
    }

    static List<VerificationKey> keys(Secret secret) {
        byte[] bytes = secret.bytes();
        try {
            return keys(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static List<VerificationKey> keys(String name, Secret secret) {
        try {
            return keys(secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The secret " + name + " is not usable: " + e.getMessage(), e);
        }
    }

    @Override
    public List<VerificationKey> find(@Nullable String id, SignatureAlgorithm algorithm) {
        look();
        // Whatever it calls its key: secrets have no names that both sides know.
        return known.values().stream()
                .flatMap(Named::all)
                .filter(key -> key.verifies(algorithm))
                .distinct()
                .toList();
    }

    @Override
    public boolean areCurrent() {
        return !look();
    }

    /** @return whether a key went; what was verified before has to be verified again then */
    private boolean look() {
        if (isAsKnown()) {
            return false;
        }
        looking.lock();
        try {
            Map<String, Named> before = known;
            Map<String, Named> after = new LinkedHashMap<>();
            for (String name : names) {
                after.put(name, now(name, before.getOrDefault(name, Named.NOTHING)));
            }
            known = after;
            Set<VerificationKey> gone = new HashSet<>();
            before.values().stream().flatMap(Named::all).forEach(gone::add);
            after.values().stream().flatMap(Named::all).forEach(gone::remove);
            gone.forEach(removed);
            return !gone.isEmpty();
        } finally {
            looking.unlock();
        }
    }

    private boolean isAsKnown() {
        Map<String, Named> now = known;
        Instant time = clock.instant();
        for (String name : names) {
            Named named = now.get(name);
            if (named == null
                    || !isSame(named.value(), value(name, named.value()))
                    || named.earlier().stream().anyMatch(each -> !time.isBefore(each.until()))) {
                return false;
            }
        }
        return true;
    }

    /** {@link Secrets} hands out one object until it has read again: comparing values each time would cost more. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(@Nullable Secret one, @Nullable Secret other) {
        return one == other;
    }

    /** What cannot be read goes on as it was: {@link Secrets} keeps the last good value. */
    private @Nullable Secret value(String name, @Nullable Secret before) {
        try {
            return secrets.find(name).orElse(null);
        } catch (SecretUnavailable e) {
            LOG.warn("The secret {} cannot be read", name);
            return before;
        }
    }

    private Named now(String name, Named before) {
        Instant time = clock.instant();
        Secret value = value(name, before.value());
        if (value == null) {
            // Taken away is taken back, at once and with all that it was.
            return Named.NOTHING;
        }
        List<Earlier> earlier = new ArrayList<>(before.earlier());
        earlier.removeIf(each -> !time.isBefore(each.until()));
        if (Objects.equals(value, before.value())) {
            return new Named(value, before.keys(), List.copyOf(earlier));
        }
        List<VerificationKey> keys;
        try {
            keys = keys(name, value);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the one before is used on", e.getMessage());
            return new Named(value, before.keys(), List.copyOf(earlier));
        }
        earlier.removeIf(each -> each.keys().equals(keys));
        if (!before.keys().isEmpty() && !before.keys().equals(keys) && overlap.isPositive()) {
            earlier.addFirst(new Earlier(before.keys(), time.plus(overlap)));
        }
        return new Named(value, keys, List.copyOf(earlier.subList(0, Math.min(MOST_EARLIER, earlier.size()))));
    }
}
