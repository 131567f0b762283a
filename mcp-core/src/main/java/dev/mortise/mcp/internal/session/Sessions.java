package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.internal.text.Digest;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.StoredSession;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.HttpHead;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of legacy clients: those over HTTP, which a store keeps, and those that are connections. What this
 * process has of a stored session begins with its second message, so a flood of first messages leaves nothing here.
 * Thread-safe.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;
    private static final int ATTEMPTS = 10;
    private static final int TOUCHES_PER_LIFE = 10;
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

    /** What came of looking for a session. */
    public sealed interface Found {
        record Session(LegacySession session) implements Found {}

        /** There is none, or it is somebody else's. */
        record Lost() implements Found {}

        /** There are too many in use already, or the server shuts down. */
        record Full() implements Found {}
    }

    private final SessionStore store;
    private final EventStore events;
    private final SessionLimits limits;
    private final StreamRules rules;
    private final ServerEvents changes;
    private final Clock clock;
    private final Map<String, Local> local = new ConcurrentHashMap<>();
    private final Map<Channel, LegacySession> byChannel = new ConcurrentHashMap<>();
    private final Set<Channel> watched = ConcurrentHashMap.newKeySet();
    private final Map<Channel, Caller> owners = new ConcurrentHashMap<>();
    private final AtomicLong swept;
    private volatile boolean closed;

    /** A stored session as far as this process has to do with it. */
    private static final class Local {
        final LegacySession session;
        volatile long revision;
        volatile Instant touched;

        Local(LegacySession session, long revision, Instant touched) {
            this.session = session;
            this.revision = revision;
            this.touched = touched;
        }
    }

    public Sessions(
            SessionStore store,
            EventStore events,
            SessionLimits limits,
            StreamRules rules,
            ServerEvents changes,
            Clock clock) {
        this.store = store;
        this.events = events;
        this.limits = limits;
        this.rules = rules;
        this.changes = changes;
        this.clock = clock;
        this.swept = new AtomicLong(clock.millis());
    }

    /** Begins a session over HTTP; its id, or nothing if there is no room. */
    public Optional<String> create(Caller caller, HttpHead head, SessionState state) {
        sweepNowAndThen();
        String id = randomId();
        String owner = caller.identity();
        // Nobody in particular is everybody: there, those who share an address share their room.
        boolean anonymous = owner.equals(Caller.anonymous().identity());
        String group = anonymous ? owner + "@" + Neighbourhood.of(head.remoteAddress()) : owner;
        StoredSession session = new StoredSession(
                id, owner, group, 1, state.toBytes(), clock.instant().plus(limits.probation()));
        return closed || !store.create(session) ? Optional.empty() : Optional.of(id);
    }

    private static String randomId() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Begins the session of a connection, in the place of the one that was there. */
    public LegacySession create(Caller caller, Channel channel, SessionState state) {
        AtomicReference<SessionState> kept = new AtomicReference<>(state);
        LegacySession session = new LegacySession(
                new LegacySession.Name(randomId(), caller.identity()),
                state,
                caller,
                change -> Optional.of(kept.updateAndGet(change)),
                null,
                rules);
        LegacySession before = byChannel.put(channel, session);
        if (before != null) {
            before.end();
        }
        session.listen(changes);
        // Once for a connection, however often its client begins anew.
        if (watched.add(channel)) {
            channel.onClosed(() -> {
                watched.remove(channel);
                LegacySession current = byChannel.remove(channel);
                if (current != null) {
                    current.end();
                }
            });
        }
        if (closed) {
            session.cutOff();
        }
        return session;
    }

    /** Only this caller may use a connection, which others could name, too. */
    public void own(Channel channel, Caller caller) {
        owners.put(channel, caller);
        channel.onClosed(() -> owners.remove(channel));
    }

    public boolean isOwner(Channel channel, Caller caller) {
        Caller owner = owners.get(channel);
        return owner == null || owner.identity().equals(caller.identity());
    }

    public Optional<LegacySession> of(Channel channel) {
        return Optional.ofNullable(byChannel.get(channel));
    }

    /** Finds a session for its owner; to everybody else it does not exist. */
    public Found find(String id, Caller caller) {
        sweepNowAndThen();
        if (closed) {
            return new Found.Full();
        }
        Optional<StoredSession> stored = isId(id) ? store.find(id) : Optional.empty();
        if (stored.isEmpty() || !stored.get().owner().equals(caller.identity())) {
            if (stored.isEmpty()) {
                forget(id);
            }
            return new Found.Lost();
        }
        Local known = local.get(id);
        Instant now = clock.instant();
        Duration life = limits.idle();
        if (known == null || now.isAfter(known.touched.plus(life.dividedBy(TOUCHES_PER_LIFE)))) {
            if (!store.touch(id, now.plus(life))) {
                return store.find(id).isPresent() ? new Found.Full() : new Found.Lost();
            }
            if (known != null) {
                known.touched = now;
            }
        }
        if (known == null) {
            known = local.computeIfAbsent(id, absent -> begin(stored.get(), caller, now));
        }
        refresh(known, stored.get());
        known.session.caller(caller);
        return new Found.Session(known.session);
    }

    private static boolean isId(String id) {
        return id.length() == (ID_BYTES * 4 + 2) / 3;
    }

    private Local begin(StoredSession stored, Caller caller, Instant now) {
        String id = stored.id();
        EventLog log = new EventLog(id, events, limits.resumable(), clock);
        LegacySession.Keeper keeper = new LegacySession.Keeper() {
            @Override
            public Optional<SessionState> change(UnaryOperator<SessionState> change) {
                return Sessions.this.change(id, change);
            }

            @Override
            public boolean isThere() {
                return store.find(id).isPresent();
            }
        };
        LegacySession session = new LegacySession(
                // Not the id itself: whoever knows that has the session.
                new LegacySession.Name(Digest.of(id), stored.group()),
                SessionState.of(stored.content()),
                caller,
                keeper,
                log,
                rules);
        return new Local(session, stored.revision(), now);
    }

    private static void refresh(Local known, StoredSession stored) {
        if (stored.revision() != known.revision) {
            known.session.state(SessionState.of(stored.content()));
            known.revision = stored.revision();
        }
    }

    private Optional<SessionState> change(String id, UnaryOperator<SessionState> change) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<StoredSession> stored = store.find(id);
            if (stored.isEmpty()) {
                return Optional.empty();
            }
            SessionState changed = change.apply(SessionState.of(stored.get().content()));
            if (store.replace(stored.get().next(changed.toBytes()))) {
                return Optional.of(changed);
            }
        }
        throw new IllegalStateException("A session is changed by too many at once");
    }

    /** The session is in use although nothing has come for a while: false if it is gone. */
    boolean keep(String id) {
        Optional<StoredSession> stored = closed ? Optional.empty() : store.find(id);
        Local known = local.get(id);
        if (stored.isEmpty()
                || known == null
                || !store.touch(id, clock.instant().plus(limits.idle()))) {
            return false;
        }
        known.touched = clock.instant();
        refresh(known, stored.get());
        return true;
    }

    /** How long may pass before {@link #keep}. */
    Duration keepInterval() {
        return limits.idle().dividedBy(TOUCHES_PER_LIFE);
    }

    ServerEvents changes() {
        return changes;
    }

    Clock clock() {
        return clock;
    }

    int maxStreams() {
        return limits.streams();
    }

    /** The client ends its session. */
    public void delete(String id) {
        store.delete(id);
        forget(id);
        events.delete(id);
    }

    private void forget(String id) {
        Local known = local.remove(id);
        if (known != null) {
            known.session.end();
            events.delete(id);
        }
    }

    /** Ends the sessions that some callers have used here. */
    public void end(Predicate<Caller> whose) {
        local.forEach((id, known) -> {
            if (whose.test(known.session.caller())) {
                delete(id);
            }
        });
        byChannel.forEach((channel, session) -> {
            if (whose.test(session.caller())) {
                byChannel.remove(channel, session);
                session.end();
            }
        });
        owners.forEach((channel, owner) -> {
            if (whose.test(owner)) {
                channel.close();
            }
        });
    }

    /** The server shuts down: what waits for clients ends, while their sessions live on in a shared store. */
    public void close() {
        closed = true;
        List.copyOf(local.values()).forEach(known -> known.session.cutOff());
        List.copyOf(byChannel.values()).forEach(LegacySession::cutOff);
    }

    /** How many sessions this process has to do with. */
    public int size() {
        return local.size() + byChannel.size();
    }

    private void sweepNowAndThen() {
        long before = swept.get();
        Instant now = clock.instant();
        if (now.toEpochMilli() - before > BETWEEN_SWEEPS.toMillis()
                && swept.compareAndSet(before, now.toEpochMilli())) {
            Thread.ofVirtual().name("mortise-session-sweep").start(() -> {
                try {
                    sweep(now);
                } catch (RuntimeException e) {
                    LOG.warn("Expired sessions could not be swept", e);
                }
            });
        }
    }

    /** Forgets what has expired. */
    void sweep(Instant now) {
        store.sweep(now);
        events.sweep(now);
        local.forEach((id, known) -> {
            if (store.find(id).isEmpty()) {
                forget(id);
            } else if (!known.session.isBusy() && now.isAfter(known.touched.plus(keepInterval()))) {
                // Nothing of it is here that the stores do not have.
                local.remove(id, known);
                known.session.rest();
            }
        });
    }
}
