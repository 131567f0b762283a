package dev.mortise.servlet;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to use one of the container's objects, by one thread at a time, until it is to be given back. A thread that
 * still sat in the object by then would work on the next request's: Tomcat's poller ends a request whose read or write
 * takes too long while that read or write is under way.
 */
final class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(McpServlet.class);
    private static final int NUDGE_MILLIS = 20;
    private static final int PATIENCE_NUDGES = 1500;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean over;
    private volatile @Nullable Thread user;

    /** Begins a use, which {@link #leave} ends. */
    void enter() throws IOException {
        lock.lock();
        if (over) {
            lock.unlock();
            throw new IOException("The request is over");
        }
        user = Thread.currentThread();
    }

    void leave() {
        user = null;
        if (over) {
            // It was for getting this thread out of here.
            Thread.interrupted();
        }
        lock.unlock();
    }

    /** Lets nobody in any more. */
    void end() {
        over = true;
    }

    /**
     * Gets out whoever is inside, by interrupts: a blocked thread does not notice by itself that its socket was closed.
     * Gives up after half a minute.
     */
    void awaitVacated() {
        end();
        try {
            for (int i = 0; i < PATIENCE_NUDGES; i++) {
                if (lock.tryLock(NUDGE_MILLIS, TimeUnit.MILLISECONDS)) {
                    lock.unlock();
                    return;
                }
                Thread inside = user;
                if (inside != null) {
                    inside.interrupt();
                }
            }
            LOG.warn("A read or write for a client that is gone does not come back; its request is given up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
