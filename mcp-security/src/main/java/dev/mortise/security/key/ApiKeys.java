package dev.mortise.security.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.internal.caller.ReservedCallers;
import dev.mortise.security.standing.Change;
import dev.mortise.security.standing.Standing;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Issues API keys and verifies them. Known keys are verified without asking the store, as long as nothing is heard of a
 * change; a revocation counts everywhere within five seconds. Thread-safe.
 *
 * <pre>{@code
 * IssuedKey issued = keys.issue("ann", "acme", "build server", KeyLimits.BASIC.withScopes("files:read"));
 * show(issued.secret()); // once
 * }</pre>
 */
public final class ApiKeys implements CredentialVerifier {
    /** What a caller's key may spend in all, where it has a limit of its own; for billing, which may hold it to more. */
    public static final Attribute<Long> SPEND = Attribute.of("dev.mortise.security.key.spend", Long.class);

    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9]{0,15}");
    private static final int REMEMBERED = 100_000;
    private static final byte[] NO_HASH = new byte[32];

    private final String prefix;
    /** With which every key of ours begins. */
    private final String begin;

    private final Environment environment;
    private final KeyStore store;
    private final Standing standing;
    private final Clock clock;
    private final LastUsed lastUsed;
    private final Cache<String, Known> known;

    /** A key as the store had it, with the caller that it admits. */
    @SuppressWarnings("ArrayRecordComponent") // compared in constant time, and never as records
    private record Known(StoredKey key, byte[] hash, Caller caller, long loadedAt) {}

    /**
     * Keys of one environment.
     *
     * @param prefix by which people and scanners recognize them: 1 to 16 lower-case letters and digits
     */
    public ApiKeys(String prefix, Environment environment, KeyStore store, Standing standing, Clock clock) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A prefix of keys has 1 to 16 lower-case letters and digits, but this one is \"" + prefix + "\"");
        }
        this.prefix = prefix;
        this.begin = prefix + "_";
        this.environment = environment;
        this.store = store;
        this.standing = standing;
        this.clock = clock;
        this.lastUsed = new LastUsed(store);
        this.known = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(Duration.ofMinutes(1))
                .build();
        standing.check(new Check());
    }

    /**
     * Makes a key for somebody.
     *
     * @param label for people
     * @throws IllegalArgumentException if the subject is one that anonymous callers or the local process have
     */
    public IssuedKey issue(String subject, @Nullable String tenant, String label, KeyLimits limits) {
        ReservedCallers.refuse(subject, tenant);
        IssuedKey issued = make(subject, tenant, label, limits, null);
        store.add(issued.key(), clock.instant());
        return issued;
    }

    /**
     * Makes a key that may do less than another, or as much, for the same person. It ends when the other is revoked.
     *
     * @throws IllegalArgumentException if it would reach further, saying in what; or if the other is not good any more
     */
    public IssuedKey child(String parent, String label, KeyLimits limits) {
        StoredKey above = good(parent);
        String beyond = limits.beyond(above.limits());
        if (beyond != null) {
            throw new IllegalArgumentException("A child key may only narrow its parent, but goes beyond its " + beyond);
        }
        IssuedKey issued = make(above.subject(), above.tenant(), label, limits, above.id());
        if (!store.add(issued.key(), clock.instant())) {
            throw notGood(parent);
        }
        return issued;
    }

    /**
     * Makes a key in the place of another, with the same limits. Both are good until the overlap ends.
     *
     * @throws IllegalArgumentException if the other is not good any more
     */
    public IssuedKey rotate(String id, Duration overlap) {
        if (overlap.isNegative()) {
            throw new IllegalArgumentException("An overlap is not negative");
        }
        StoredKey before = good(id);
        IssuedKey issued = make(before.subject(), before.tenant(), before.label(), before.limits(), before.parent());
        Instant now = clock.instant();
        if (!store.replace(id, issued.key(), now.plus(overlap), now)) {
            throw notGood(id);
        }
        return issued;
    }

    /** Revokes a key and all its children; false if there is no such key, or it was revoked before. */
    public boolean revoke(String id) {
        return store.revoke(id, clock.instant());
    }

    public Optional<StoredKey> find(String id) {
        return store.find(id);
    }

    /** As {@link KeyStore#spent}. */
    public long spent(String id) {
        return store.spent(id);
    }

    /** As {@link KeyStore#list}. */
    public List<StoredKey> list(@Nullable String tenant, @Nullable String after, int limit) {
        return store.list(tenant, after, limit);
    }

    private StoredKey good(String id) {
        return store.find(id).filter(key -> key.isGood(clock.instant())).orElseThrow(() -> notGood(id));
    }

    private static IllegalArgumentException notGood(String id) {
        return new IllegalArgumentException(
                "There is no key " + id + ", or it has expired, was revoked, or is being replaced");
    }

    private IssuedKey make(
            String subject, @Nullable String tenant, String label, KeyLimits limits, @Nullable String parent) {
        KeyText text = KeyText.random(prefix, environment);
        String hash = HexFormat.of().formatHex(text.hash());
        // What is stored has milliseconds.
        Instant now = Instant.ofEpochMilli(clock.millis());
        StoredKey key = new StoredKey(
                text.id(), hash, environment.name(), subject, tenant, label, limits, parent, now, null, null);
        return new IssuedKey(text.text(), key);
    }

    @Override
    public Verdict verify(Presented presented) {
        if (!presented.startsWith(begin)) {
            return new Verdict.Pass();
        }
        if (!presented.scheme().equals("bearer")) {
            return invalid("An API key is sent as Bearer", "wrong-scheme", "");
        }
        KeyText text = KeyText.parse(presented.token()).orElse(null);
        if (text == null) {
            return invalid("This is no whole API key: something of it is missing or wrong", "malformed", "");
        }
        if (!text.environment().equals(environment.name())) {
            return invalid("This API key is for another environment", "wrong-environment", text.id());
        }
        byte[] hash = text.hash();
        Known remembered = known.getIfPresent(text.id());
        if (remembered == null
                || !standing.holds(Change.Kind.KEY, text.id(), remembered.loadedAt())
                || !MessageDigest.isEqual(hash, remembered.hash())) {
            // Also for a wrong secret: so that it takes as long as an unknown id.
            remembered = load(text.id());
        }
        boolean same = MessageDigest.isEqual(hash, remembered == null ? NO_HASH : remembered.hash());
        if (remembered == null || !same) {
            return invalid("There is no such API key", remembered == null ? "unknown" : "wrong-secret", text.id());
        }
        StoredKey key = remembered.key();
        Instant now = clock.instant();
        if (!key.environment().equals(environment.name())) {
            return invalid("This API key is for another environment", "wrong-environment", key.id());
        }
        if (!key.isGood(now)) {
            return key.revokedAt() == null
                    ? invalid("This API key has expired", "expired", key.id())
                    : invalid("This API key was revoked", "revoked", key.id());
        }
        lastUsed.note(key.id(), now);
        return new Verdict.Verified(remembered.caller());
    }

    private static Verdict invalid(String description, String reason, String id) {
        return new Verdict.Invalid("invalid_token", description, reason, id);
    }

    private @Nullable Known load(String id) {
        // Asked before the store: a change in between makes what is loaded here out of date, and never the reverse.
        long position = standing.position();
        Optional<StoredKey> found = store.find(id);
        if (found.isEmpty()) {
            known.invalidate(id);
            return null;
        }
        StoredKey key = found.get();
        Known loaded = new Known(key, HexFormat.of().parseHex(key.hash()), caller(key), position);
        known.put(id, loaded);
        return loaded;
    }

    private static Caller caller(StoredKey key) {
        KeyLimits limits = key.limits();
        Credential credential = new Credential(
                Credential.Kind.API_KEY, key.id(), new Environment(key.environment()), limits.reach(), limits.tools());
        Caller caller = Caller.of(key.subject()).withScopes(limits.scopes()).with(Credential.ATTRIBUTE, credential);
        if (key.tenant() != null) {
            caller = caller.withTenant(key.tenant());
        }
        if (limits.expiresAt() != null) {
            caller = caller.withExpiry(limits.expiresAt());
        }
        return limits.spend() == null ? caller : caller.with(SPEND, limits.spend());
    }

    /** Of callers that came with a key, and have something open. */
    private final class Check implements Standing.Check {
        /** When keys end that were given an end after their callers had come. */
        private final Map<String, Instant> ends = new ConcurrentHashMap<>();

        @Override
        public boolean mayGoOn(Caller caller) {
            Optional<String> id = keyOf(caller);
            if (id.isEmpty()) {
                return true;
            }
            Instant now = clock.instant();
            Optional<StoredKey> key = store.find(id.get()).filter(found -> found.isGood(now));
            ends.values().removeIf(end -> end.isBefore(now.minus(Duration.ofHours(1))));
            key.map(found -> found.limits().expiresAt()).ifPresent(end -> ends.put(id.get(), end));
            return key.isPresent();
        }

        @Override
        public boolean isOver(Caller caller) {
            Optional<String> id = keyOf(caller);
            if (id.isEmpty()) {
                return false;
            }
            Instant now = clock.instant();
            Instant end = ends.get(id.get());
            return (end != null && !now.isBefore(end))
                    || caller.expiresAt()
                            .filter(expiry -> !now.isBefore(expiry))
                            .isPresent();
        }

        private static Optional<String> keyOf(Caller caller) {
            return caller.get(Credential.ATTRIBUTE)
                    .filter(credential -> credential.kind() == Credential.Kind.API_KEY)
                    .map(Credential::id);
        }
    }

    /** Writes down when keys were used. Called every few seconds, and at the end. */
    public void writeLastUsed() {
        lastUsed.write();
    }
}
