package dev.mortise.security.standing;

import java.time.Instant;

/**
 * Tokens that are not taken any more although they have not expired. Keys have a state of their own. Thread-safe; it may
 * block.
 */
public interface RevokedCredentials {
    /**
     * Revokes a credential.
     *
     * @param id as {@link dev.mortise.security.Credential#id()} of those it admits
     * @param until when it expires by itself, so that it can be forgotten a while later, when it has expired by the clocks of
     *     all replicas; of several the latest counts
     */
    void revoke(String id, Instant until);

    boolean isRevoked(String id);
}
