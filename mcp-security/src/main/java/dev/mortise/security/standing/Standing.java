package dev.mortise.security.standing;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.security.Credential;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the {@link ChangeLog}, so that what is remembered of keys, users and grants may be believed for as long as
 * nothing was heard to the contrary. While the log cannot be read nothing is believed, and everything is read from the
 * stores. What a change takes from a caller ends: streams, sessions, calls and tasks. Thread-safe.
 */
public final class Standing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
    private static final int AT_ONCE = 1_000;

    /** What nobody has looked at for longer is not believed; together with the interval below five seconds. */
    private static final long BELIEVED_NANOS = Duration.ofSeconds(3).toNanos();

    /** A request that was admitted before a change may open a stream so much later. */
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(2).toNanos();

    /** Says of a caller who was admitted some time ago whether that still holds. Thread-safe. */
    @FunctionalInterface
    public interface Check {
        /** Asked after a change that is about the caller; it may block. */
        boolean mayGoOn(Caller caller);

        /** Whether the caller's time is over. Asked every second of everybody who has something open: soon answered. */
        default boolean isOver(Caller caller) {
            return false;
        }
    }

    private record Seen(long position, long nanos) {}

    private final ChangeLog log;
    private final LongSupplier nanos;
    private final Map<Change.Kind, Map<String, Seen>> recent = new EnumMap<>(Change.Kind.class);
    private final List<RunningServer> servers = new CopyOnWriteArrayList<>();
    private final List<Check> checks = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long position = -1;
    /** What the positions of the log are moved by, so that those here never go back. */
    private volatile long offset;

    /** What was loaded before is not believed. */
    private volatile long since;

    private volatile long looked;
    private volatile boolean lost = true;

    /** @param nanos a clock that only goes forward, as {@link System#nanoTime} */
    public Standing(ChangeLog log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        for (Change.Kind kind : Change.Kind.values()) {
            recent.put(kind, new ConcurrentHashMap<>());
        }
    }

    private Map<String, Seen> recent(Change.Kind kind) {
        return Objects.requireNonNull(recent.get(kind));
    }

    /** Begins to follow, on a thread of its own. */
    public void start(Duration interval) {
        Thread.ofVirtual().name("mortise-standing").start(() -> {
            do {
                look();
            } while (!waited(interval));
        });
    }

    /** @return whether this was closed meanwhile */
    private boolean waited(Duration interval) {
        try {
            return closed.await(interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends whatever runs on this server for those who may not go on. */
    public void guard(RunningServer server) {
        servers.add(server);
    }

    /** Adds a reason why callers may not go on. */
    public void check(Check check) {
        checks.add(check);
    }

    /** Where the log was when it was last read. What is loaded from a store after this was asked is as new as that. */
    public long position() {
        return position;
    }

    /** Whether something that was loaded at a position may still be believed. */
    public boolean holds(Change.Kind kind, String id, long loadedAt) {
        if (lost || loadedAt < 0 || loadedAt < since || nanos.getAsLong() - looked > BELIEVED_NANOS) {
            return false;
        }
        Seen change = recent(kind).get(id);
        return change == null || change.position() <= loadedAt;
    }

    /** Looks once; what the thread of {@link #start} does again and again. */
    public void look() {
        long now = nanos.getAsLong();
        boolean wasLost = lost;
        try {
            read(now);
            lost = false;
            looked = now;
        } catch (RuntimeException e) {
            // Whatever it is: a watcher that ended would be missed by nobody.
            if (!lost && closed.getCount() > 0) {
                LOG.warn(
                        "Changes of keys and users are not heard; everything is read anew meanwhile: {}", e.toString());
            }
            lost = true;
        }
        try {
            recent.values().forEach(of -> of.values().removeIf(seen -> now - seen.nanos() > REMEMBERED_NANOS));
            if (wasLost && !lost) {
                // What was missed may be more than the log still has.
                end(caller -> !mayGoOn(caller));
            } else {
                end(caller -> isOver(caller) || (isTouched(caller) && !mayGoOn(caller)));
            }
        } catch (RuntimeException e) {
            LOG.error("What revoked callers have open could not be ended; trying again", e);
        }
    }

    private void read(long now) {
        long known = position;
        if (known < 0) {
            position = log.position() + offset;
            return;
        }
        List<Change> changes;
        do {
            changes = log.after(known - offset, AT_ONCE);
            for (Change change : changes) {
                known = change.position() + offset;
                recent(change.kind()).put(change.id(), new Seen(known, now));
            }
            // After the changes: who loads from here on has a position that includes them.
            position = known;
        } while (changes.size() == AT_ONCE);
        if (changes.isEmpty()) {
            checkNotGoneBack(known);
        }
    }

    /**
     * A database that was restored, or failed over to a replica that lagged, gives out its positions a second time; whoever
     * waits behind the old end would hear nothing until it is reached again.
     */
    private void checkNotGoneBack(long known) {
        long end = log.position();
        if (end + offset >= known) {
            return;
        }
        long next = known + 1;
        offset = next - end;
        since = next;
        position = next;
        throw new IllegalStateException("The log of changes has gone back");
    }

    private void end(Predicate<Caller> whose) {
        servers.forEach(server -> server.disconnect(whose));
    }

    private boolean isOver(Caller caller) {
        return checks.stream().anyMatch(check -> check.isOver(caller));
    }

    /** Whether a recent change is about this caller at all: others are not looked up. */
    private boolean isTouched(Caller caller) {
        return recent(Change.Kind.USER).containsKey(caller.identity())
                || caller.get(Credential.ATTRIBUTE)
                        .filter(credential -> recent(Change.Kind.KEY).containsKey(credential.id())
                                || recent(Change.Kind.CREDENTIAL).containsKey(credential.id()))
                        .isPresent();
    }

    /** Whether a caller who was admitted some time ago would still be. What cannot be found out counts as no. */
    public boolean mayGoOn(Caller caller) {
        try {
            return checks.stream().allMatch(check -> check.mayGoOn(caller));
        } catch (RuntimeException e) {
            LOG.warn("It cannot be found out whether {} may go on: ended", caller, e);
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
