package dev.mortise.security.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * With keys that this process has, from a secret of the host: AES-256-GCM. The keys are asked for once. Thread-safe.
 *
 * <p>To exchange the key, give the new one as the current and the old one beside it, let {@link Sealer#rewrap} run, and
 * leave the old one out.
 */
public final class LocalKeyEncryption implements KeyEncryption {
    private static final int KEY_BYTES = 32;

    private final String current;
    private final Map<String, Aead> keys;

    private LocalKeyEncryption(String current, Map<String, Aead> keys) {
        this.current = current;
        this.keys = keys;
    }

    /**
     * Begins with the key that wraps.
     *
     * @param id no secret; another one for another key
     * @param key gives 32 random bytes
     * @throws IllegalArgumentException if it does not, with the id and without the bytes
     */
    public static Builder current(String id, Supplier<byte[]> key) {
        return new Builder(id).and(id, key);
    }

    @Override
    public String currentKey() {
        return current;
    }

    @Override
    public Wrapped wrap(byte[] plain, byte[] context) {
        try {
            return new Wrapped(current, key(current).encrypt(plain, context));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This platform has no AES-GCM", e);
        }
    }

    @Override
    public byte[] unwrap(Wrapped wrapped, byte[] context) throws GeneralSecurityException {
        return key(wrapped.key()).decrypt(wrapped.bytes(), context);
    }

    private Aead key(String id) throws GeneralSecurityException {
        Aead key = keys.get(id);
        if (key == null) {
            throw new GeneralSecurityException("The key is unknown");
        }
        return key;
    }

    /** Collects keys. Not thread-safe. */
    public static final class Builder {
        private final String current;
        private final Map<String, Aead> keys = new LinkedHashMap<>();

        private Builder(String current) {
            this.current = current;
        }

        /** An earlier key, which only unwraps. */
        public Builder and(String id, Supplier<byte[]> key) {
            byte[] bytes = key.get();
            if (bytes.length != KEY_BYTES) {
                throw new IllegalArgumentException(
                        "The key encryption key " + id + " has " + bytes.length + " bytes instead of " + KEY_BYTES);
            }
            long different = java.util.stream.IntStream.range(0, bytes.length)
                    .map(i -> bytes[i])
                    .distinct()
                    .count();
            if (different < KEY_BYTES / 4) {
                throw new IllegalArgumentException("The key encryption key " + id + " is not random: its bytes repeat");
            }
            try {
                if (keys.putIfAbsent(id, new AesGcmJce(bytes)) != null) {
                    throw new IllegalArgumentException("There are two key encryption keys of the id " + id);
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("The key encryption key " + id + " cannot be used", e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
            return this;
        }

        public LocalKeyEncryption build() {
            return new LocalKeyEncryption(current, Map.copyOf(keys));
        }
    }
}
