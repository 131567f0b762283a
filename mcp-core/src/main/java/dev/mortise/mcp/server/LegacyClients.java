package dev.mortise.mcp.server;

import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.SessionStore;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How clients of revisions before 2026-07-28 are served. Handlers need not know of them: what they ask, report and
 * return is put as the client's revision has it. Immutable.
 *
 * <pre>{@code
 * McpServer.builder("acme", "1.0")
 *         .legacyClients(LegacyClients.withSessions().idleTimeout(Duration.ofHours(1)))
 * }</pre>
 */
public final class LegacyClients {
    /** Which of them are served. */
    public enum Service {
        /** All, and over HTTP each has a session: it can be asked, told of changes, and can resume streams. */
        SESSIONS,
        /** All, but nothing is kept over HTTP: clients there can be asked nothing and told nothing unasked. */
        STATELESS,
        /** None: they get an error that says so. */
        NONE
    }

    private static final LegacyClients DEFAULTS = new LegacyClients(
            Service.SESSIONS,
            null,
            null,
            Duration.ofMinutes(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(250));

    private final Service service;
    private final @Nullable SessionStore sessions;
    private final @Nullable EventStore events;
    private final Duration idleTimeout;
    private final Duration resumable;
    private final Duration silence;
    private final Duration retry;
    private final Duration pollInterval;

    private LegacyClients(
            Service service,
            @Nullable SessionStore sessions,
            @Nullable EventStore events,
            Duration idleTimeout,
            Duration resumable,
            Duration silence,
            Duration retry,
            Duration pollInterval) {
        this.service = service;
        this.sessions = sessions;
        this.events = events;
        this.idleTimeout = positive(idleTimeout, "idleTimeout");
        this.resumable = positive(resumable, "resumable");
        this.silence = positive(silence, "silence");
        this.retry = positive(retry, "retry");
        this.pollInterval = positive(pollInterval, "pollInterval");
    }

    /** They have sessions: what a server does unless it is told otherwise. */
    public static LegacyClients withSessions() {
        return DEFAULTS;
    }

    /** They are served without sessions. A connection such as standard streams is still a session by itself. */
    public static LegacyClients stateless() {
        return new LegacyClients(
                Service.STATELESS,
                null,
                null,
                DEFAULTS.idleTimeout,
                DEFAULTS.resumable,
                DEFAULTS.silence,
                DEFAULTS.retry,
                DEFAULTS.pollInterval);
    }

    /** They are not served. */
    public static LegacyClients refused() {
        return new LegacyClients(
                Service.NONE,
                null,
                null,
                DEFAULTS.idleTimeout,
                DEFAULTS.resumable,
                DEFAULTS.silence,
                DEFAULTS.retry,
                DEFAULTS.pollInterval);
    }

    /** Keeps sessions and the events of their streams here; within this process, bounded, unless set. */
    public LegacyClients stores(SessionStore newSessions, EventStore newEvents) {
        return new LegacyClients(service, newSessions, newEvents, idleTimeout, resumable, silence, retry, pollInterval);
    }

    /** How long a session lives that is not used; 30 minutes unless set. */
    public LegacyClients idleTimeout(Duration timeout) {
        return new LegacyClients(service, sessions, events, timeout, resumable, silence, retry, pollInterval);
    }

    /** How long a client may take to come back for the rest of a stream; 5 minutes unless set. */
    public LegacyClients resumable(Duration time) {
        return new LegacyClients(service, sessions, events, idleTimeout, time, silence, retry, pollInterval);
    }

    /** After how long a reply becomes a stream, which can be resumed; 1 second unless set. */
    public LegacyClients silence(Duration time) {
        return new LegacyClients(service, sessions, events, idleTimeout, resumable, time, retry, pollInterval);
    }

    /** How long clients are told to wait before they resume a stream; 1 second unless set. */
    public LegacyClients retry(Duration time) {
        return new LegacyClients(service, sessions, events, idleTimeout, resumable, silence, time, pollInterval);
    }

    /** How often to look for what other replicas have stored, while a call waits for it; 250 ms unless set. */
    public LegacyClients pollInterval(Duration interval) {
        return new LegacyClients(service, sessions, events, idleTimeout, resumable, silence, retry, interval);
    }

    public Service service() {
        return service;
    }

    public Optional<SessionStore> sessions() {
        return Optional.ofNullable(sessions);
    }

    public Optional<EventStore> events() {
        return Optional.ofNullable(events);
    }

    public Duration idleTimeout() {
        return idleTimeout;
    }

    public Duration resumable() {
        return resumable;
    }

    public Duration silence() {
        return silence;
    }

    public Duration retry() {
        return retry;
    }

    public Duration pollInterval() {
        return pollInterval;
    }

    private static Duration positive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, but is " + value);
        }
        return value;
    }
}
