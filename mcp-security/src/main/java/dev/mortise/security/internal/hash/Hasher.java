package dev.mortise.security.internal.hash;

import dev.mortise.security.internal.json.CanonicalWriter;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to hash something, to be used again and again. Some lie ready for whoever comes; a new one is made where
 * none does, so that nobody waits. Whoever fails while he has one just leaves it: what it holds is not to be trusted then.
 * Used by one thread at a time.
 */
public final class Hasher {
    private static final int READY = 16;
    private static final int LOOKS = 4;
    private static final int PART = 256;
    private static final int SALTS = 1024;
    private static final AtomicReferenceArray<Hasher> POOL = new AtomicReferenceArray<>(READY);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MessageDigest sha256 = newSha256();
    private final CanonicalWriter json = new CanonicalWriter();
    private final byte[] part = new byte[PART];
    private final byte[] hash = new byte[32];
    private byte[] random = {};
    private int randomLeft;

    /** One of one's own, to be kept. */
    public Hasher() {}

    public static Hasher borrowed() {
        int first = (int) Thread.currentThread().threadId();
        for (int look = 0; look < LOOKS; look++) {
            Hasher ready = POOL.getAndSet((first + look) & (READY - 1), null);
            if (ready != null) {
                ready.sha256.reset();
                ready.json.clear();
                return ready;
            }
        }
        return new Hasher();
    }

    public void giveBack() {
        int first = (int) Thread.currentThread().threadId();
        for (int look = 0; look < LOOKS; look++) {
            if (POOL.compareAndSet((first + look) & (READY - 1), null, this)) {
                return;
            }
        }
    }

    public MessageDigest sha256() {
        return sha256;
    }

    public CanonicalWriter json() {
        return json;
    }

    /**
     * SHA-256 of ASCII, from some place on.
     *
     * @return this hasher's own array, which the next hash overwrites; {@code null} if the text is not ASCII
     */
    public byte @Nullable [] ofAscii(String text, int from) {
        int count = text.length();
        for (int at = from; at < count; at += PART) {
            int length = Math.min(PART, count - at);
            int all = 0;
            for (int i = 0; i < length; i++) {
                char c = text.charAt(at + i);
                all |= c;
                part[i] = (byte) c;
            }
            if (all > 0x7F) {
                sha256.reset();
                return null;
            }
            sha256.update(part, 0, length);
        }
        return end();
    }

    /** Ends the digest. @return this hasher's own array, which the next hash overwrites */
    public byte[] end() {
        try {
            sha256.digest(hash, 0, hash.length);
            return hash;
        } catch (DigestException e) {
            throw new IllegalStateException("A SHA-256 has 32 bytes", e);
        }
    }

    /** So many unpredictable bytes, at most 32. */
    public byte[] salt(int bytes) {
        if (randomLeft < bytes) {
            // Many at once: a generator costs more for each time it is asked than for each byte.
            if (random.length == 0) {
                random = new byte[SALTS];
            }
            RANDOM.nextBytes(random);
            randomLeft = random.length;
        }
        randomLeft -= bytes;
        byte[] salt = Arrays.copyOfRange(random, randomLeft, randomLeft + bytes);
        // What was given out is nobody else's to know.
        Arrays.fill(random, randomLeft, randomLeft + bytes, (byte) 0);
        return salt;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
