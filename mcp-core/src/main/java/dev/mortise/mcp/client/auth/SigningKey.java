package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.LocalSigningKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Optional;

/**
 * A private key that signs JSON Web Tokens, and may stay where it is: a key in a hardware module or at a key service
 * is an implementation of these three methods. Thread-safe.
 */
public interface SigningKey {
    /** The name of the algorithm (RFC 7518 section 3.1), such as {@code ES256}. */
    String algorithm();

    /** The name under which the authorization server knows the public key; sent as {@code kid}. */
    default Optional<String> keyId() {
        return Optional.empty();
    }

    /** The signature in the form that JWS wants: for ECDSA the two numbers side by side, not DER. */
    byte[] sign(byte[] content) throws GeneralSecurityException;

    /**
     * A key in memory: EC on P-256, P-384 or P-521 (ES256, ES384, ES512), RSA of 2048 bits or more (RS256) or Ed25519
     * (EdDSA).
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static SigningKey of(PrivateKey key) {
        return LocalSigningKey.of(key, Optional.empty());
    }

    /** The same, with the name under which the authorization server knows the public key. */
    static SigningKey of(PrivateKey key, String keyId) {
        return LocalSigningKey.of(key, Optional.of(keyId));
    }

    /**
     * A key in PEM, as PKCS #8: what begins with {@code -----BEGIN PRIVATE KEY-----}.
     *
     * @throws IllegalArgumentException if the text is something else
     */
    static SigningKey pem(String text) {
        return LocalSigningKey.of(LocalSigningKey.parse(text), Optional.empty());
    }

    /** The same, with the name under which the authorization server knows the public key. */
    static SigningKey pem(String text, String keyId) {
        return LocalSigningKey.of(LocalSigningKey.parse(text), Optional.of(keyId));
    }
}
