package dev.mortise.security.standing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import java.time.Duration;
import java.time.Instant;

/** Knows which tokens were revoked, without asking the store each time. Thread-safe. */
public final class RevocationCheck implements Standing.Check {
    private static final int REMEMBERED = 100_000;

    private final RevokedCredentials store;
    private final Standing standing;
    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    private record Known(boolean revoked, long loadedAt) {}

    public RevocationCheck(RevokedCredentials store, Standing standing) {
        this.store = store;
        this.standing = standing;
        standing.check(this);
    }

    /** As {@link RevokedCredentials#revoke}. */
    public void revoke(String id, Instant until) {
        store.revoke(id, until);
    }

    /** Whether the credential of a caller is still taken. Keys have a state of their own. */
    @Override
    public boolean mayGoOn(Caller caller) {
        Credential credential = caller.get(Credential.ATTRIBUTE).orElse(null);
        return credential == null
                || credential.kind() == Credential.Kind.API_KEY
                || credential.kind() == Credential.Kind.LOCAL
                || !isRevoked(credential.id());
    }

    private boolean isRevoked(String id) {
        Known remembered = known.getIfPresent(id);
        if (remembered != null && standing.holds(Change.Kind.CREDENTIAL, id, remembered.loadedAt())) {
            return remembered.revoked();
        }
        long position = standing.position();
        boolean revoked = store.isRevoked(id);
        known.put(id, new Known(revoked, position));
        return revoked;
    }
}
