package dev.mortise.examples.production.storage;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys for different purposes out of one secret (RFC 5869, expand), so that replicas share one setting. */
public final class DerivedKeys {
    private final byte[] secret;

    private DerivedKeys(byte[] secret) {
        this.secret = secret;
    }

    /** @param secret of high entropy */
    public static DerivedKeys of(String secret) {
        return new DerivedKeys(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** 32 bytes, which say nothing about those for another purpose. */
    public byte[] bytes(String purpose) {
        try {
            Mac extract = Mac.getInstance("HmacSHA256");
            extract.init(new SecretKeySpec("mortise-production-server".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            Mac expand = Mac.getInstance("HmacSHA256");
            expand.init(new SecretKeySpec(extract.doFinal(secret), "HmacSHA256"));
            expand.update(purpose.getBytes(StandardCharsets.UTF_8));
            return expand.doFinal(new byte[] {1});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    /** An Ed25519 pair: its private key is the derived bytes (RFC 8032, section 5.1.5). */
    public KeyPair signing(String purpose) {
        byte[] seed = bytes(purpose);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            KeyPair pair = generator.generateKeyPair();
            byte[] made = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            if (!Arrays.equals(seed, made)) {
                throw new IllegalStateException(
                        "This Java platform makes Ed25519 keys of something else than its random");
            }
            return pair;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has Ed25519", e);
        }
    }

    /** Java makes the public key of a private one only while it makes both, of a random source: of this one. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("A private key of Ed25519 has 32 bytes");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
