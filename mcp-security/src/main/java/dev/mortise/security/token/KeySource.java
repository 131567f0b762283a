package dev.mortise.security.token;

import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.internal.jose.VerificationKey;
import dev.mortise.security.internal.net.AddressGuard;
import dev.mortise.security.secret.Secret;
import dev.mortise.security.secret.Secrets;
import java.net.URI;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the keys of an issuer come from. Immutable; one may serve several verifiers. */
public final class KeySource {
    private static final int MOST_SECRETS = 4;

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
        return fixed(true, SecretKeys.keys(secret));
    }

    /**
     * Several of them, each as good as the others: the one of now, and while it is being changed the one before or the one
     * that comes next. Replicas that are restarted one after another then refuse nothing that another takes.
     *
     * @param secrets each as {@link #secret}; each more is an attempt more for tokens with a wrong signature, so at most 4
     */
    public static KeySource secrets(List<Secret> secrets) {
        if (secrets.isEmpty() || secrets.size() > MOST_SECRETS) {
            throw new IllegalArgumentException(
                    "An issuer has 1 to " + MOST_SECRETS + " secrets at a time, not " + secrets.size());
        }
        return fixed(
                true,
                secrets.stream()
                        .flatMap(secret -> SecretKeys.keys(secret).stream())
                        .distinct()
                        .toList());
    }

    /**
     * A secret that changes while the server runs, such as a mounted file. It is looked at with each token, as often as
     * {@code secrets} lets it. A value that was replaced is good for {@code overlap} more, by this process: who starts after
     * the change knows it by another of the names only. A secret that is taken away is good no more, at once, by each
     * process that looks while it is away. A new value that is
     * too short is logged, and the one before used on.
     *
     * @param overlap as long as the longest token of the issuer lives; zero for none
     * @param name of the secret; there has to be one when the server is built
     * @param more names of others that are good, such as the previous one; there may be none
     */
    public static KeySource secrets(Secrets secrets, Duration overlap, String name, String... more) {
        if (overlap.isNegative()) {
            throw new IllegalArgumentException("An overlap is no less than nothing, not " + overlap);
        }
        List<String> names =
                Stream.concat(Stream.of(name), Stream.of(more)).distinct().toList();
        if (names.size() > MOST_SECRETS) {
            throw new IllegalArgumentException(
                    "An issuer has 1 to " + MOST_SECRETS + " secrets at a time, not " + names.size());
        }
        return new KeySource(true, (issuer, clock, removed) -> new SecretKeys(secrets, names, overlap, clock, removed));
    }

    private static KeySource fixed(boolean secret, List<VerificationKey> keys) {
        boolean anonymous = keys.stream().allMatch(key -> key.id().isEmpty());
        return new KeySource(secret, (issuer, clock, removed) -> new Keys() {
            @Override
            public List<VerificationKey> find(@Nullable String id, SignatureAlgorithm algorithm) {
                return secret
                        ? keys.stream().filter(key -> key.verifies(algorithm)).toList()
                        : Keys.among(keys, anonymous ? null : id, algorithm);
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
