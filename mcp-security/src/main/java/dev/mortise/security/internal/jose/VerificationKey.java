package dev.mortise.security.internal.jose;

import dev.mortise.security.auth.SignatureAlgorithm;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.JwtParserBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import java.security.Key;
import java.security.PublicKey;
import java.util.Date;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A key that signatures are verified with, by algorithms of its own type only. Two are equal if they verify the same
 * under the same name. Immutable.
 */
public final class VerificationKey {
    /** Before all times that a token may name, so that jjwt leaves judging them to us. */
    @SuppressWarnings("JavaUtilDate") // What jjwt takes.
    private static final Date NEVER_EXPIRED = new Date(0);

    private static final long ANY_SKEW_SECONDS = Long.MAX_VALUE / 1000;

    private final @Nullable String id;
    private final String fingerprint;
    private final Map<SignatureAlgorithm, JwtParser> parsers = new EnumMap<>(SignatureAlgorithm.class);

    /**
     * @param id its {@code kid}, if it has one
     * @param algorithms what it may be used with; those that do not fit its type do not count
     */
    public VerificationKey(@Nullable String id, Key key, Set<SignatureAlgorithm> algorithms) {
        this.id = id;
        byte[] encoded = key.getEncoded();
        this.fingerprint = Digests.sha256(encoded == null ? new byte[0] : encoded);
        for (SignatureAlgorithm algorithm : algorithms) {
            if (algorithm.fits(key)) {
                parsers.put(algorithm, parser(algorithm, key));
            }
        }
    }

    private static JwtParser parser(SignatureAlgorithm algorithm, Key key) {
        JwtParserBuilder builder = Jwts.parser().json(StrictJson.READER).clock(() -> NEVER_EXPIRED);
        builder.clockSkewSeconds(ANY_SKEW_SECONDS);
        builder.zip().clear().and();
        builder.critical().clear().and();
        SecureDigestAlgorithm<?, ?> only = Jwts.SIG.get().forKey(algorithm.id());
        builder.sig().clear().add(only).and();
        return key instanceof SecretKey secret
                ? builder.verifyWith(secret).build()
                : builder.verifyWith((PublicKey) key).build();
    }

    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    public boolean verifies(SignatureAlgorithm algorithm) {
        return parsers.containsKey(algorithm);
    }

    /** Whether the signature is good. It says nothing about the claims. */
    public boolean signed(CompactJwt jwt, SignatureAlgorithm algorithm) {
        JwtParser parser = parsers.get(algorithm);
        if (parser == null) {
            return false;
        }
        try {
            parser.parseSignedClaims(jwt.text());
            return true;
        } catch (JwtException | IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerificationKey key
                && fingerprint.equals(key.fingerprint)
                && java.util.Objects.equals(id, key.id)
                && parsers.keySet().equals(key.parsers.keySet());
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "key " + id + " " + parsers.keySet();
    }
}
