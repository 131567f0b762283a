package dev.mortise.security.auth;

import dev.mortise.security.internal.jose.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that this server gives to be put into proofs (RFC 9449 section 9): a period of time and its code of
 * authentication, so that replicas with one secret know each other's and store nothing. One is good for its period and
 * the next. Thread-safe.
 */
final class DpopNonces {
    private final SecretKeySpec key;
    private final Duration period;
    private final Clock clock;

    DpopNonces(byte[] secret, Duration period, Clock clock) {
        if (secret.length < 32) {
            throw new IllegalArgumentException("The secret of nonces has at least 256 bits");
        }
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.period = period;
        this.clock = clock;
    }

    String current() {
        return of(number());
    }

    boolean isGood(String nonce) {
        long now = number();
        return Digests.same(nonce, of(now)) || Digests.same(nonce, of(now - 1));
    }

    private long number() {
        return Math.floorDiv(clock.millis(), period.toMillis());
    }

    private String of(long number) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update("dpop-nonce".getBytes(StandardCharsets.US_ASCII));
            byte[] code = mac.doFinal(ByteBuffer.allocate(8).putLong(number).array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC with SHA-256", e);
        }
    }
}
