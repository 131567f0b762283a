package dev.mortise.security.token;

import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.internal.jose.VerificationKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of an issuer, as they are now. Thread-safe. */
interface Keys {
    /**
     * The keys that may have signed a token; empty if there is none. More than one only of secrets, which have no names.
     *
     * @param id the token's {@code kid}; without it, the only key of the algorithm
     * @throws dev.mortise.security.auth.VerifierUnavailable if there may be one, and it cannot be found out now
     */
    List<VerificationKey> find(@Nullable String id, SignatureAlgorithm algorithm);

    /** Whether tokens that were verified with them are still to be believed. Sees to it that they stay fresh. */
    boolean areCurrent();

    /** The one among some keys; without a name, the only one of the algorithm. */
    static List<VerificationKey> among(List<VerificationKey> keys, @Nullable String id, SignatureAlgorithm algorithm) {
        List<VerificationKey> fitting = keys.stream()
                .filter(key -> key.verifies(algorithm))
                .filter(key -> id == null || key.id().map(id::equals).orElse(false))
                .limit(2)
                .toList();
        return fitting.size() == 1 ? fitting : List.of();
    }
}
