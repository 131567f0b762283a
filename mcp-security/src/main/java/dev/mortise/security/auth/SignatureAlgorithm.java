package dev.mortise.security.auth;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * How tokens may be signed (RFC 7518 section 3.1, RFC 8037 section 3.1). {@code none} is none of them. Each goes with
 * one type of key, so that a public key is never taken for a secret.
 */
public enum SignatureAlgorithm {
    RS256("RS256", RSAPublicKey.class),
    RS384("RS384", RSAPublicKey.class),
    RS512("RS512", RSAPublicKey.class),
    PS256("PS256", RSAPublicKey.class),
    PS384("PS384", RSAPublicKey.class),
    PS512("PS512", RSAPublicKey.class),
    ES256("ES256", ECPublicKey.class),
    ES384("ES384", ECPublicKey.class),
    ES512("ES512", ECPublicKey.class),
    EDDSA("EdDSA", EdECPublicKey.class),
    HS256("HS256", SecretKey.class),
    HS384("HS384", SecretKey.class),
    HS512("HS512", SecretKey.class);

    private final String id;
    private final Class<? extends Key> keyType;

    SignatureAlgorithm(String id, Class<? extends Key> keyType) {
        this.id = id;
        this.keyType = keyType;
    }

    /** As in {@code alg}. */
    public String id() {
        return id;
    }

    /** Whether both sides share one secret. */
    public boolean isSymmetric() {
        return keyType == SecretKey.class;
    }

    public boolean fits(Key key) {
        return keyType.isInstance(key);
    }

    /** The algorithm of this name, which is compared character by character. */
    public static Optional<SignatureAlgorithm> of(String id) {
        for (SignatureAlgorithm each : values()) {
            if (each.id.equals(id)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** All that take a key pair. */
    public static Set<SignatureAlgorithm> asymmetric() {
        return EnumSet.range(RS256, EDDSA);
    }
}
