package dev.mortise.security.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts fields, each for its place, with keys of its tenant: XAES-256-GCM by Tink. The keys of tenants are stored
 * wrapped by a {@link KeyEncryption}; unwrapped they are in memory only. Thread-safe.
 *
 * <pre>{@code
 * Sealer sealer = Sealer.of(JdbcDataKeyStore.migrate(database), LocalKeyEncryption.current("2026", secret).build());
 * Field email = new Field("acme", "user", "email", "4711");
 * String stored = sealer.seal(email, "alice@example.com");
 * }</pre>
 *
 * <p>A sealed value is {@code s1.} and base64url of a version, the id of its key, a nonce, and the ciphertext: about 90
 * characters more than the text. Its length tells the length of the text.
 */
public final class Sealer {
    private static final String PREFIX = "s1.";
    private static final byte VERSION = 1;
    private static final byte TINK = 1;
    private static final int HEAD_BYTES = 1 + 1 + Integer.BYTES;
    private static final int TRIES = 5;
    private static final int MOST_TENANTS = 10_000;
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final DataKeyStore store;
    private final KeyEncryption encryption;
    private final long freshNanos;
    private final Ticker ticker;
    private final Cache<String, Known> known;

    /** @param lookedAt when the store was last asked */
    private record Known(TenantKeys keys, long lookedAt) {}

    private Sealer(DataKeyStore store, KeyEncryption encryption, Duration fresh, Ticker ticker) {
        this.store = store;
        this.encryption = encryption;
        this.freshNanos = fresh.toNanos();
        this.ticker = ticker;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_TENANTS)
                .ticker(ticker)
                .expireAfterAccess(fresh.multipliedBy(2))
                .build();
    }

    /** What other replicas do to keys, shredding included, is noticed within 30 seconds. */
    public static Sealer of(DataKeyStore store, KeyEncryption encryption) {
        return of(store, encryption, FRESH);
    }

    /** @param fresh how long keys are used before the store is asked again whether they are still there */
    public static Sealer of(DataKeyStore store, KeyEncryption encryption, Duration fresh) {
        return new Sealer(store, encryption, fresh, Ticker.systemTicker());
    }

    static Sealer of(DataKeyStore store, KeyEncryption encryption, Duration fresh, Ticker ticker) {
        return new Sealer(store, encryption, fresh, ticker);
    }

    /**
     * Encrypts. A tenant that has no keys gets some.
     *
     * @throws KeyEncryptionUnavailable if the keys have to be wrapped or unwrapped, and cannot
     * @throws dev.mortise.mcp.store.StoreUnavailable if they have to be looked up, and cannot
     * @throws IllegalStateException if the tenant was shredded
     */
    public byte[] seal(Field field, byte[] plain) {
        try {
            byte[] sealed = keysToSeal(field.tenant()).seal(plain, field.associatedData(VERSION));
            return ByteBuffer.allocate(1 + sealed.length)
                    .put(VERSION)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The keys of the tenant cannot be used", e);
        }
    }

    /** As {@link #seal(Field, byte[])}, for text. */
    public String seal(Field field, String plain) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(seal(field, Field.utf8(plain)));
    }

    /**
     * Decrypts.
     *
     * @throws CannotOpen if it is not what was sealed at this place, or the key is gone
     * @throws KeyEncryptionUnavailable as {@link #seal(Field, byte[])}
     */
    public byte[] open(Field field, byte[] sealed) {
        if (sealed.length < HEAD_BYTES || sealed[0] != VERSION || sealed[1] != TINK) {
            throw new CannotOpen();
        }
        int key = ByteBuffer.wrap(sealed).getInt(2);
        TenantKeys keys = keysToOpen(field.tenant(), key);
        if (keys == null || !keys.hasKey(key)) {
            throw new CannotOpen();
        }
        byte[] ciphertext = new byte[sealed.length - 1];
        System.arraycopy(sealed, 1, ciphertext, 0, ciphertext.length);
        try {
            return keys.open(ciphertext, field.associatedData(VERSION));
        } catch (GeneralSecurityException e) {
            throw new CannotOpen();
        }
    }

    /** As {@link #open(Field, byte[])}, for text. */
    public String open(Field field, String sealed) {
        if (!sealed.startsWith(PREFIX)) {
            throw new CannotOpen();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new CannotOpen();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(open(field, bytes)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CannotOpen();
        }
    }

    /** From now on the tenant's values are sealed with a new key. Those that are there can be opened as before. */
    public void rotate(String tenant) {
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                Optional<DataKeyStore.DataKeys> stored = store.find(tenant);
                if (stored.isEmpty()) {
                    keysToSeal(tenant);
                    return;
                }
                TenantKeys next = TenantKeys.unwrap(stored.get(), encryption).rotated();
                if (store.replace(next.wrap(tenant, encryption))) {
                    known.invalidate(tenant);
                    return;
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("The keys of the tenant cannot be used", e);
            }
        }
        throw new IllegalStateException("The keys of the tenant are being changed all the time");
    }

    /**
     * Forgets the keys of a tenant for good: nobody can open its values again, wherever they are, and it gets no others.
     * Other replicas notice within the time they were given. Backups of the store still have the keys.
     *
     * @return whether it had any
     */
    public boolean shred(String tenant) {
        boolean shredded = store.shred(tenant);
        known.invalidate(tenant);
        return shredded;
    }

    /**
     * Wraps the keys of all tenants with the current key of the {@link KeyEncryption}, where they are wrapped with another.
     * No value is touched. After it another one is needed no more.
     *
     * @return for how many tenants
     */
    public int rewrap() {
        int rewrapped = 0;
        String after = null;
        while (true) {
            List<DataKeyStore.DataKeys> some = store.notWrappedWith(encryption.currentKey(), after, 100);
            if (some.isEmpty()) {
                return rewrapped;
            }
            for (DataKeyStore.DataKeys stored : some) {
                after = stored.tenant();
                try {
                    TenantKeys again = TenantKeys.unwrap(stored, encryption).again();
                    // If somebody else has changed them meanwhile, they have wrapped them anew.
                    rewrapped += store.replace(again.wrap(stored.tenant(), encryption)) ? 1 : 0;
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(
                            "The keys that are wrapped with " + stored.wrapped().key() + " cannot be unwrapped", e);
                }
            }
        }
    }

    private TenantKeys keysToSeal(String tenant) throws GeneralSecurityException {
        for (int tries = 0; tries < TRIES; tries++) {
            Known current = fresh(tenant, freshNanos);
            if (current != null) {
                return current.keys();
            }
            TenantKeys first = TenantKeys.generate();
            if (!store.insert(first.wrap(tenant, encryption))
                    && store.find(tenant).isEmpty()) {
                throw new IllegalStateException("The tenant was shredded");
            }
        }
        throw new IllegalStateException("The keys of the tenant are being changed all the time");
    }

    private @Nullable TenantKeys keysToOpen(String tenant, int key) {
        try {
            Known current = fresh(tenant, freshNanos);
            if (current != null && !current.keys().hasKey(key)) {
                // Another replica may have made it since; whoever sends nonsense does not get a look each time.
                current = fresh(tenant, BETWEEN_LOOKS.toNanos());
            }
            return current == null ? null : current.keys();
        } catch (GeneralSecurityException e) {
            throw new CannotOpen();
        }
    }

    /** @return {@code null} if the tenant has none */
    private @Nullable Known fresh(String tenant, long nanos) throws GeneralSecurityException {
        Known before = known.getIfPresent(tenant);
        long now = ticker.read();
        if (before != null && now - before.lookedAt() < nanos) {
            return before;
        }
        DataKeyStore.DataKeys stored = store.find(tenant).orElse(null);
        if (stored == null) {
            known.invalidate(tenant);
            return null;
        }
        // What has not changed is not unwrapped again: so a key encryption that is away does no harm.
        TenantKeys keys = before != null && before.keys().version() == stored.version()
                ? before.keys()
                : TenantKeys.unwrap(stored, encryption);
        Known next = new Known(keys, now);
        known.put(tenant, next);
        return next;
    }
}
