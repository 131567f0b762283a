package dev.mortise.security.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.security.standing.Change;
import dev.mortise.security.standing.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The grants of callers, remembered for as long as nothing is heard of a change. Thread-safe. */
final class Grants {
    private static final int REMEMBERED = 10_000;

    private final AccessStore store;
    private final Standing standing;
    private final Clock clock;
    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    private record Known(List<Grant> grants, long loadedAt) {}

    Grants(AccessStore store, Standing standing, Clock clock) {
        this.store = store;
        this.standing = standing;
        this.clock = clock;
    }

    /** Whether a caller has a grant for a target as it is defined now. */
    boolean has(Caller caller, Target target, String pin) {
        Instant now = clock.instant();
        return has(of(caller.identity(), now), target, pin, now);
    }

    /** As {@link #has}, for a grant that was given a moment ago. */
    boolean hasNow(Caller caller, Target target, String pin) {
        Instant now = clock.instant();
        return has(load(caller.identity(), now), target, pin, now);
    }

    private static boolean has(List<Grant> grants, Target target, String pin, Instant now) {
        return grants.stream()
                .anyMatch(grant ->
                        grant.isGood(now) && grant.isFor(target) && grant.pin().equals(pin));
    }

    private List<Grant> of(String identity, Instant now) {
        Known remembered = known.getIfPresent(identity);
        if (remembered != null && standing.holds(Change.Kind.GRANT, identity, remembered.loadedAt())) {
            return remembered.grants();
        }
        return load(identity, now);
    }

    private List<Grant> load(String identity, Instant now) {
        long position = standing.position();
        List<Grant> grants = store.grantsOf(identity, now);
        known.put(identity, new Known(grants, position));
        return grants;
    }
}
