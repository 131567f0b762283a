package dev.mortise.mcp.health;

import java.time.Duration;
import java.util.Set;

/**
 * Something that is looked at again and again in the background. With the interval and the time-out that it has unless
 * they are set, two seconds each, what stops shows within four.
 *
 * @param name unique in a {@link Health}
 * @param groups which probes it counts for
 * @param required whether a group is down without it; otherwise it is only degraded
 * @param every how long after one look the next begins
 * @param timeout after which a look counts as failed; it is interrupted then
 * @param probe what looks
 */
public record HealthCheck(
        String name, Set<Group> groups, boolean required, Duration every, Duration timeout, Probe probe) {
    /** What is asked: each is an endpoint. */
    public enum Group {
        /** Is the process beyond help, so that it should be restarted? For what a restart mends, and nothing else. */
        LIVE,
        /** Should it get requests? */
        READY,
        /** Has it started? Once it has, that stays so. */
        START
    }

    /** Looks. Blocking is fine, and so is throwing: that means down. */
    @FunctionalInterface
    public interface Probe {
        Verdict look() throws Exception;
    }

    public HealthCheck {
        if (name.isBlank() || name.length() > 128) {
            throw new IllegalArgumentException("A check needs a name of up to 128 characters, not \"" + name + "\"");
        }
        groups = Set.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("The check " + name + " belongs to no group, and would never matter");
        }
        if (every.toMillis() < 10 || every.toDays() > 1) {
            throw new IllegalArgumentException("every lies between 10 ms and a day, but is " + every);
        }
        if (timeout.toMillis() < 1 || timeout.toDays() > 1) {
            throw new IllegalArgumentException("timeout lies between 1 ms and a day, but is " + timeout);
        }
    }

    /** A required check for readiness, every two seconds, with a time-out of two. */
    public static HealthCheck of(String name, Probe probe) {
        return new HealthCheck(name, Set.of(Group.READY), true, Duration.ofSeconds(2), Duration.ofSeconds(2), probe);
    }

    /** A check that is up if the action returns, whatever it returns. */
    public static HealthCheck ping(String name, Ping ping) {
        return of(name, () -> {
            ping.run();
            return Verdict.up();
        });
    }

    /** What throws if there is no answer: a Redis command, a request to another server. */
    @FunctionalInterface
    public interface Ping {
        void run() throws Exception;
    }

    public HealthCheck in(Group... newGroups) {
        return new HealthCheck(name, Set.of(newGroups), required, every, timeout, probe);
    }

    /** Without it, the service is degraded, and not down. */
    public HealthCheck optional() {
        return new HealthCheck(name, groups, false, every, timeout, probe);
    }

    public HealthCheck every(Duration newInterval) {
        return new HealthCheck(name, groups, required, newInterval, timeout, probe);
    }

    public HealthCheck timeout(Duration newTimeout) {
        return new HealthCheck(name, groups, required, every, newTimeout, probe);
    }
}
