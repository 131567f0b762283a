package dev.mortise.security.token;

import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.internal.jose.VerificationKey;
import dev.mortise.security.internal.net.AddressGuard;
import java.net.URI;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Where the keys of an issuer come from. Immutable; one may serve several verifiers. */
public final class KeySource {
    /** Makes the keys live. */
    @FunctionalInterface
    private interface Opening {
        Keys open(String issuer, Clock clock, Consumer<VerificationKey> removed);
    }

    private final boolean secret;
    private final Opening opening;

    private KeySource(boolean secret, Opening opening) {
        this.secret = secret;
        this.opening = opening;
    }

    /**
     * A JWK Set that the issuer publishes (RFC 7517 section 5).
     *
     * @param url HTTPS, or HTTP with a literal loopback host
     */
    public static KeySource jwks(URI url) {
        return jwks(url, JwksOptions.defaults());
    }

    public static KeySource jwks(URI url, JwksOptions options) {
        AddressGuard.configured(url);
        return new KeySource(
                false, (issuer, clock, removed) -> new JwksKeys(issuer, () -> url, options, clock, removed));
    }

    /**
     * A JWK Set whose URL the issuer's metadata tell (RFC 8414, OpenID Connect Discovery). Only for issuers whose
     * identifier is an HTTPS URL, or an HTTP one with a literal loopback host.
     */
    public static KeySource discovered(JwksOptions options) {
        return new KeySource(
                false,
                (issuer, clock, removed) -> new JwksKeys(
                        issuer, new IssuerMetadata(URI.create(issuer), options.fetcher()), options, clock, removed));
    }

    /** @param keys by their {@code kid} */
    public static KeySource keys(Map<String, PublicKey> keys) {
        List<VerificationKey> all = new ArrayList<>();
        keys.forEach((id, key) -> all.add(new VerificationKey(id, key, SignatureAlgorithm.asymmetric())));
        if (all.isEmpty()) {
            throw new IllegalArgumentException("An issuer has at least one key");
        }
        return fixed(false, all);
    }

    /** @param key for tokens with any {@code kid}, or none */
    public static KeySource key(PublicKey key) {
        return fixed(false, List.of(new VerificationKey(null, key, SignatureAlgorithm.asymmetric())));
    }

    /**
     * A secret that this server shares with the issuer. Whoever has it can make tokens: prefer a key pair.
     *
     * @param secret at least 256 bits, and as many as the hash of the algorithm has (RFC 7518 section 3.2)
     */
    public static KeySource secret(byte[] secret) {
        if (secret.length < 32) {
            throw new IllegalArgumentException("A secret for tokens has at least 256 bits, and this one has "
                    + secret.length * 8 + " (RFC 7518 section 3.2)");
        }
        List<SignatureAlgorithm> fitting = new ArrayList<>(List.of(SignatureAlgorithm.HS256));
        if (secret.length >= 48) {
            fitting.add(SignatureAlgorithm.HS384);
        }
        if (secret.length >= 64) {
            fitting.add(SignatureAlgorithm.HS512);
        }
        // One key for each: jjwt takes a key for the algorithm that its own name says.
        return fixed(
                true,
                fitting.stream()
                        .map(each -> new VerificationKey(
                                null, new SecretKeySpec(secret, each.id().replace("HS", "HmacSHA")), Set.of(each)))
                        .toList());
    }

    private static KeySource fixed(boolean secret, List<VerificationKey> keys) {
        boolean anonymous = keys.stream().allMatch(key -> key.id().isEmpty());
        return new KeySource(secret, (issuer, clock, removed) -> new Keys() {
            @Override
            public Optional<VerificationKey> find(@Nullable String id, SignatureAlgorithm algorithm) {
                return Keys.among(keys, anonymous ? null : id, algorithm);
            }

            @Override
            public boolean areCurrent() {
                return true;
            }
        });
    }

    boolean isSecret() {
        return secret;
    }

    /** @param removed hears of keys that the issuer does not have any more */
    Keys open(String issuer, Clock clock, Consumer<VerificationKey> removed) {
        return opening.open(issuer, clock, removed);
    }
}
