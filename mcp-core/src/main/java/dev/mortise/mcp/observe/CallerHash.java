package dev.mortise.mcp.observe;

import dev.mortise.mcp.call.Caller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Pseudonyms for callers: the first 64 bits of HMAC-SHA-256 over tenant and subject. The same caller has the same
 * pseudonym wherever the same key is, and without the key nobody finds out whose it is, not even by trying all
 * names. Thread-safe.
 */
public final class CallerHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY = 16;
    private static final int MAX_REMEMBERED = 10_000;

    private final SecretKeySpec key;
    private final Map<String, Pseudonym> remembered = new ConcurrentHashMap<>();

    private record Pseudonym(Long bits, String text) {}

    private CallerHash(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * Gives all replicas the same pseudonyms.
     *
     * @param key secret, at least 16 bytes
     */
    public static CallerHash keyed(byte[] key) {
        if (key.length < SHORTEST_KEY) {
            throw new IllegalArgumentException(
                    "The key of a caller's hash has at least " + SHORTEST_KEY + " bytes, not " + key.length);
        }
        return new CallerHash(key.clone());
    }

    /** With a key of this process' own: pseudonyms that end with it. */
    public static CallerHash random() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new CallerHash(key);
    }

    /** 64 bits that look random. */
    public long of(Caller caller) {
        return pseudonym(caller).bits();
    }

    /** The same as 16 hexadecimal digits. */
    public String text(Caller caller) {
        return pseudonym(caller).text();
    }

    /** The bits as an object that is there already. */
    Long boxed(Caller caller) {
        return pseudonym(caller).bits();
    }

    private Pseudonym pseudonym(Caller caller) {
        String identity = caller.identity();
        Pseudonym known = remembered.get(identity);
        if (known != null) {
            return known;
        }
        long hash = compute(identity);
        Pseudonym pseudonym = new Pseudonym(hash, HexFormat.of().toHexDigits(hash));
        if (remembered.size() >= MAX_REMEMBERED) {
            // To start again is cheaper than to keep account of who was here last.
            remembered.clear();
        }
        remembered.put(identity, pseudonym);
        return pseudonym;
    }

    private long compute(String identity) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ByteBuffer.wrap(mac.doFinal(identity.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
