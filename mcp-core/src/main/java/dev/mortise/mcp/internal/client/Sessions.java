package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.era.Dialler;
import dev.mortise.mcp.internal.client.era.Session;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one session with a server that is open, or is opened when it is needed. Thread-safe. */
public final class Sessions implements AutoCloseable {
    private final Dialler dialler;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Session current;
    private volatile boolean closed;
    private volatile @Nullable Thread opener;

    Sessions(Dialler dialler) {
        this.dialler = dialler;
    }

    /**
     * The open session; connects if there is none. Those who need it at the same time wait for the same attempt.
     *
     * @throws McpException if it cannot be opened
     */
    public Session get() {
        Session session = current;
        return session != null && session.connection().isOpen() ? session : open();
    }

    private Session open() {
        try {
            opening.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        try {
            Session before = current;
            if (before != null && before.connection().isOpen()) {
                return before;
            }
            if (closed) {
                throw new TransportException("The client was closed", null);
            }
            if (before != null) {
                before.close();
            }
            opener = Thread.currentThread();
            Session session;
            try {
                session = dialler.open();
            } finally {
                opener = null;
            }
            current = session;
            if (closed) {
                session.close();
                throw new TransportException("The client was closed", null);
            }
            return session;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            opening.unlock();
        }
    }

    private McpException interrupted() {
        if (closed) {
            return new TransportException("The client was closed", null);
        }
        Thread.currentThread().interrupt();
        return new CallCancelledException("Interrupted while connecting");
    }

    /** The open session, if there is one; does not connect. */
    Optional<Session> peek() {
        Session session = current;
        return session != null && session.connection().isOpen() ? Optional.of(session) : Optional.empty();
    }

    /** This session is of no use any more; unless somebody else has noticed before. */
    @SuppressWarnings("ReferenceEquality") // another session with the same server is another session
    void discard(Session session, boolean wrongEra) {
        opening.lock();
        try {
            if (current == session) {
                current = null;
                if (wrongEra) {
                    dialler.forgetVerdict();
                }
            }
        } finally {
            opening.unlock();
        }
        session.close();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        Thread connecting = opener;
        if (connecting != null) {
            connecting.interrupt();
        }
        Session session = current;
        if (session != null) {
            session.close();
        }
        dialler.close();
    }
}
