package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.era.Dialler;
import dev.mortise.mcp.internal.client.era.Session;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one session with a server that is open, or is opened when it is needed. Thread-safe. */
public final class Sessions implements AutoCloseable {
    private final Dialler dialler;
    private final Runnable onReopened;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Session> retired = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Session current;
    private @Nullable Attempt attempt;
    private @Nullable Thread opener;
    private boolean opened;
    private volatile boolean closed;

    /** @param onReopened run when a session takes the place of one that was lost, before anybody uses it */
    Sessions(Dialler dialler, Runnable onReopened) {
        this.dialler = dialler;
        this.onReopened = onReopened;
    }

    /**
     * The open session; connects if there is none. Those who need it at the same time wait for the same attempt.
     *
     * @throws McpException if it cannot be opened
     */
    public Session get() {
        Session session = current;
        if (session != null && session.connection().isOpen()) {
            return session;
        }
        try {
            return attempt().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallCancelledException("Interrupted while connecting");
        }
    }

    /** As {@link #get()}, but no longer than a call may take. */
    Session get(String method, Budget budget) throws InterruptedException {
        Session session = current;
        return session != null && session.connection().isOpen()
                ? session
                : attempt().await(method, budget);
    }

    /** The attempt that is under way, or else a new one. */
    private Attempt attempt() {
        lock.lock();
        try {
            Attempt shared = attempt;
            if (shared != null) {
                return shared;
            }
            Attempt own = new Attempt();
            Session before = current;
            if (before != null && before.connection().isOpen()) {
                own.opened(before);
            } else if (closed) {
                own.failed(closed());
            } else {
                attempt = own;
                opener = Thread.ofVirtual().name("mortise-client-connect").start(() -> open(own, before));
            }
            return own;
        } finally {
            lock.unlock();
        }
    }

    private void open(Attempt own, @Nullable Session before) {
        Session session = null;
        RuntimeException failure;
        try {
            if (before != null) {
                retire(before);
            }
            session = dialler.open(own);
            // The lock is not held here: nobody else opens a session, or looks at what is kept, before this is done.
            if (opened) {
                onReopened.run();
            }
            opened = true;
            failure = closed();
        } catch (InterruptedException e) {
            failure = closed();
        } catch (RuntimeException e) {
            failure = closed ? closed() : e;
        } catch (Error e) {
            settle(null);
            own.failed(new IllegalStateException("Connecting failed", e));
            throw e;
        }
        if (settle(session) && session != null) {
            own.opened(session);
            return;
        }
        if (session != null) {
            session.close();
        }
        own.failed(failure);
    }

    /** The attempt is over; whether its session is the one to be used from now on. */
    private boolean settle(@Nullable Session session) {
        lock.lock();
        try {
            attempt = null;
            opener = null;
            if (session == null || closed) {
                return false;
            }
            current = session;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static TransportException closed() {
        return new TransportException("The client was closed", null);
    }

    /** The open session, if there is one; does not connect. */
    Optional<Session> peek() {
        Session session = current;
        return session != null && session.connection().isOpen() ? Optional.of(session) : Optional.empty();
    }

    /** This session is of no use any more; unless somebody else has noticed before. */
    @SuppressWarnings("ReferenceEquality") // another session with the same server is another session
    void discard(Session session, boolean wrongEra) {
        lock.lock();
        try {
            if (current == session) {
                current = null;
                if (wrongEra) {
                    dialler.forgetVerdict();
                }
            }
        } finally {
            lock.unlock();
        }
        retire(session);
    }

    /** Nothing new is sent on it; what is under way may still be answered. */
    private void retire(Session session) {
        retired.removeIf(old -> old.connection().isIdle());
        if (!session.connection().retire()) {
            retired.add(session);
            if (closed) {
                session.close();
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        Thread connecting;
        lock.lock();
        try {
            closed = true;
            connecting = opener;
        } finally {
            lock.unlock();
        }
        if (connecting != null) {
            connecting.interrupt();
        }
        Session session = current;
        if (session != null) {
            session.close();
        }
        retired.forEach(Session::close);
        dialler.close();
    }
}
