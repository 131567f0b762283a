package dev.mortise.mcp.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was found out about servers, so that it need not be found out at each connection: which era of the protocol they
 * speak, and over which transport. Give one to several clients, or keep one for as long as the process lives; a verdict
 * that turns out wrong is dropped, and found anew. Bounded; thread-safe.
 */
public final class KnownEras {
    /** What a server turned out to speak. */
    public enum Verdict {
        /** A revision whose requests stand for themselves: 2026-07-28 and later. */
        MODERN,
        /** A revision that begins with a handshake: 2025-11-25 and earlier. */
        LEGACY,
        /** The HTTP+SSE transport of 2024-11-05. */
        LEGACY_SSE
    }

    private static final int MOST = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Verdict> verdicts = new LinkedHashMap<>(16, 0.75f, true);

    /** Nothing is known yet. */
    public KnownEras() {}

    /** What is known about a server. */
    public Optional<Verdict> of(ServerEndpoint endpoint) {
        lock.lock();
        try {
            return Optional.ofNullable(verdicts.get(key(endpoint)));
        } finally {
            lock.unlock();
        }
    }

    public void put(ServerEndpoint endpoint, Verdict verdict) {
        lock.lock();
        try {
            verdicts.put(key(endpoint), verdict);
            if (verdicts.size() > MOST) {
                verdicts.remove(verdicts.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    public void forget(ServerEndpoint endpoint) {
        lock.lock();
        try {
            verdicts.remove(key(endpoint));
        } finally {
            lock.unlock();
        }
    }

    private static Object key(ServerEndpoint endpoint) {
        return switch (endpoint) {
            case HttpEndpoint http -> http.uri();
            case ServerCommand command -> command.command();
            case LocalServer local -> local;
        };
    }
}
