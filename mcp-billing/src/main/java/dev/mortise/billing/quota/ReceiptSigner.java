package dev.mortise.billing.quota;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs receipts, as the compact form of JSON Web Signature (RFC 7515 section 7.1). Thread-safe.
 *
 * <p>{@link #hmac} costs some microseconds, and only who has the key can verify; {@link #ed25519} costs some hundreds of
 * them with the JDK's own implementation, for each call that is charged, and everybody can.
 */
public final class ReceiptSigner {
    static final String TYPE = "usage-receipt+jwt";
    private static final int LEAST_KEY_BYTES = 32;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    @FunctionalInterface
    private interface Signing {
        byte[] sign(byte[] input) throws GeneralSecurityException;
    }

    private final String header;
    private final Signing signing;

    private ReceiptSigner(String algorithm, String keyId, Signing signing) {
        if (!keyId.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("A key's id has 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        String json = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\",\"typ\":\"" + TYPE + "\"}";
        this.header = BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
        this.signing = signing;
    }

    /**
     * HS256 (RFC 7518 section 3.2).
     *
     * @param key at least 32 bytes
     */
    public static ReceiptSigner hmac(String keyId, byte[] key) {
        if (key.length < LEAST_KEY_BYTES) {
            throw new IllegalArgumentException("HS256 needs a key of at least 32 bytes, not " + key.length);
        }
        SecretKeySpec secret = new SecretKeySpec(key, "HmacSHA256");
        return new ReceiptSigner("HS256", keyId, input -> {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            return mac.doFinal(input);
        });
    }

    /** EdDSA with Ed25519 (RFC 8037 section 3.1). */
    public static ReceiptSigner ed25519(String keyId, PrivateKey key) {
        return new ReceiptSigner("EdDSA", keyId, input -> {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(input);
            return signature.sign();
        });
    }

    String sign(byte[] payload) {
        String input = header + '.' + BASE64.encodeToString(payload);
        try {
            return input + '.' + BASE64.encodeToString(signing.sign(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A receipt cannot be signed with this key", e);
        }
    }
}
