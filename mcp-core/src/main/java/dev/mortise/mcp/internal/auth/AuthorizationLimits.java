package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How often a server may make a client authorize: a server that never takes what it asked for would otherwise have the
 * user sign in for ever. Not thread-safe; used by the one thread that authorizes.
 */
final class AuthorizationLimits {
    /** Authorizations in a row whose tokens the server never took. */
    private static final int MAX_FRUITLESS = 3;
    /** Authorizations that asked a user, whatever came of them. */
    private static final int MAX_ASKED = 10;
    /** Authorizations for a set of scopes that had been asked for already. */
    private static final int MAX_SAME_SCOPES = 1;

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MAX_SETS = 64;

    private record Attempts(int count, Instant first) {}

    private final Clock clock;
    private final Deque<Instant> asked = new ArrayDeque<>();
    private final Map<Set<String>, Attempts> stepUps = new HashMap<>();
    private int fruitless;
    private Instant lastFruitless = Instant.MIN;

    AuthorizationLimits(Clock clock) {
        this.clock = clock;
    }

    /** The server took a token. */
    void accepted() {
        fruitless = 0;
    }

    /** The last authorization failed because somebody could not be reached, which a later one may have no trouble with. */
    void notTheServersDoing() {
        fruitless--;
    }

    /** Counts one more authorization. */
    void spend(boolean asksUser, String server) throws AuthorizationException {
        Instant now = clock.instant();
        if (lastFruitless.isBefore(now.minus(WINDOW))) {
            fruitless = 0;
        }
        while (!asked.isEmpty() && asked.peekFirst().isBefore(now.minus(WINDOW))) {
            asked.removeFirst();
        }
        if (fruitless >= MAX_FRUITLESS) {
            throw new AuthorizationException(
                    Reason.REJECTED,
                    "Authorizing for " + server + " came to nothing " + fruitless + " times; it is tried again after "
                            + WINDOW);
        }
        if (asked.size() >= MAX_ASKED) {
            throw new AuthorizationException(
                    Reason.REJECTED,
                    "The server " + server + " wants its users to authorize more often than " + MAX_ASKED + " times in "
                            + WINDOW);
        }
        fruitless++;
        lastFruitless = now;
        if (asksUser) {
            asked.addLast(now);
        }
    }

    /** Counts one more step-up to scopes that the tokens at hand were asked for with already. */
    void repeat(Set<String> scopes, String server) throws AuthorizationException {
        Instant now = clock.instant();
        stepUps.values().removeIf(each -> each.first().isBefore(now.minus(WINDOW)));
        Attempts before = stepUps.getOrDefault(scopes, new Attempts(0, now));
        if (before.count() >= MAX_SAME_SCOPES || stepUps.size() >= MAX_SETS) {
            throw new AuthorizationException(
                    Reason.INSUFFICIENT_SCOPE,
                    "The server " + server + " wants the scopes [" + Scopes.text(scopes)
                            + "], and authorizing for them did not bring them");
        }
        stepUps.put(scopes, new Attempts(before.count() + 1, before.first()));
    }
}
